# Needs Python 3.11+ with venv and pip, git and make; everything else comes into .venv.

PYTHON ?= python3
BIN := .venv/bin
RUNTIME := .venv/installed-runtime
DEVELOPMENT := .venv/installed-development
# uv ignores the certificates that the system trusts unless told otherwise.
export UV_SYSTEM_CERTS := 1

.PHONY: run services test check bench lock

# The whole product on its own servers, until Ctrl-C.
run: $(RUNTIME)
	@exec $(BIN)/python manage.py up --bound-to-parent

# PostgreSQL and Redis on spare ports for a developer, until Ctrl-C.
services: $(RUNTIME)
	@exec $(BIN)/python manage.py services --bound-to-parent

test: $(DEVELOPMENT)
	@exec $(BIN)/python -m pytest $(ARGS)

# What CI runs before the tests; needs no server.
check: $(DEVELOPMENT)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -W "ignore:Got an error checking a consistent migration history" manage.py makemigrations --check --dry-run
	OMS_DATABASE_URL=postgresql://localhost/oms OMS_SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

bench: $(DEVELOPMENT)
	@exec $(BIN)/python -m benchmarks $(ARGS)

# Resolves requirements*.in anew into hash-locked files for every supported Python.
lock: $(DEVELOPMENT)
	for name in requirements requirements-dev requirements-uv; do \
		PATH="$(CURDIR)/$(BIN):$$PATH" uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
			$(UPGRADE) --output-file $$name.txt $$name.in || exit 1; \
	done

# --- The virtual environment: a stamp per set of packages, older than none of its files -------------

# With uv where it can be had; with pip, which is slower, where it cannot.
define install
	@echo "Installing $(1) into .venv …"
	@PATH="$(CURDIR)/$(BIN):$$PATH"; \
	if command -v uv >/dev/null || $(PIP) -r requirements-uv.txt 2>/dev/null; \
	then uv pip install --quiet --python $(BIN)/python --require-hashes $(1:%=-r %); else false; fi \
	|| $(PIP) $(1:%=-r %)
	@touch $@
endef
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("OMS needs Python 3.11 or newer; %s is %s." % (sys.executable, sys.version.split()[0]))'
	$(PYTHON) -m venv --clear .venv

$(RUNTIME): requirements.txt | $(BIN)/python
	$(call install,requirements.txt)

$(DEVELOPMENT): requirements.txt requirements-dev.txt | $(BIN)/python
	$(call install,requirements.txt requirements-dev.txt)
	@touch $(RUNTIME)
