"""The one settings file. Everything that differs between installations comes from the environment.

``docs/configuration.md`` lists the variables. A value that is missing or malformed stops the
start with one sentence that names it.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from oms_project.embedded.paths import EmbeddedPaths
from oms_project.environment import ConfigurationError, Environment, broker_url
from oms_project.sign_in import sign_in_provider

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment.of_process()

# --- What kind of start this is -----------------------------------------------------------

DATA_DIR = env.path("OMS_DATA_DIR", BASE_DIR / "var")
EMBEDDED = EmbeddedPaths.under(DATA_DIR)
DEBUG = env.boolean("OMS_DEBUG", default=False)

named_database = env.database("OMS_DATABASE_URL")
PRODUCTION = named_database is not None
"""Whether the environment names the database: only then do the production rules hold."""

SECRET_KEY = env.text("OMS_SECRET_KEY") or ("" if PRODUCTION else EMBEDDED.secret_key())
ALLOWED_HOSTS = env.names("OMS_ALLOWED_HOSTS", ("localhost", "127.0.0.1", "[::1]"))
HTTPS = env.boolean("OMS_HTTPS", default=PRODUCTION)
INSTANCE = env.text("OMS_INSTANCE", "local")
"""Names this installation in the source of events."""
WEB_HOST = env.text("OMS_BIND", "127.0.0.1")
WEB_PORT = env.integer("PORT", 8000, minimum=1, maximum=65_535)

if not SECRET_KEY:
    raise ConfigurationError("OMS_SECRET_KEY (or OMS_SECRET_KEY_FILE) is required when OMS_DATABASE_URL is set.")
if PRODUCTION and len(SECRET_KEY) < 32:
    raise ConfigurationError("OMS_SECRET_KEY must have at least 32 characters.")
if PRODUCTION and DEBUG:
    raise ConfigurationError("OMS_DEBUG must be off when OMS_DATABASE_URL is set.")
if any(host.startswith("*") for host in ALLOWED_HOSTS):
    raise ConfigurationError("OMS_ALLOWED_HOSTS must name the hosts; a wildcard is refused.")

# --- Apps and requests ----------------------------------------------------------------------

INSTALLED_APPS = [
    "oms_project.apps.ProjectConfig",
    "oms_project.apps.ConsoleConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_structlog",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "gateway",
    "history",
    "accounts",
    "ontology",
    "merging",
]

MIDDLEWARE = [
    "gateway.middleware.RequestIdHeaderMiddleware",
    "gateway.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "gateway.middleware.ProblemMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.BrowserSessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "oms_project.urls"
WSGI_APPLICATION = "oms_project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- Databases, cache and tasks -------------------------------------------------------------

database = named_database or EMBEDDED.database
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        **database,
        "ATOMIC_REQUESTS": False,  # services own their transactions
        # A thread keeps its connection. psycopg's pool would answer a refused connection only after its
        # time-out; this way it is known at once, and the check at the start of a request heals it.
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 2,
            **database["OPTIONS"],
            # PostgreSQL keeps the plan of a foreign key's check per connection. One that it made while a table was
            # small reads the whole table for each row of a later import.
            "options": f"{database['OPTIONS'].get('options', '')} -c plan_cache_mode=force_custom_plan".strip(),
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

IMPORT_DATABASES = env.databases("OMS_IMPORT_DATABASES")
"""The databases whose schemas can be imported, by the names that requests call them by; Django's settings of each."""

REDIS_URL = env.redis("OMS_REDIS_URL", EMBEDDED.redis_url)
REDIS_TIMEOUT = 0.05
"""Seconds that a call to Redis may take before the caller is told that Redis is down."""

CELERY_BROKER_URL = broker_url(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Who sends a message is told at once that the broker is down, and does not try for many seconds.
CELERY_BROKER_TRANSPORT_OPTIONS = {"max_retries": 0, "socket_connect_timeout": 1}
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 1.5  # seconds that running tasks have when the worker is stopped
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "gateway-purge-idempotency-records": {
        "task": "gateway.tasks.purge_idempotency_records",
        "schedule": timedelta(hours=1),
    },
    "accounts-purge-expired": {
        "task": "accounts.tasks.purge_expired",
        "schedule": timedelta(hours=1),
    },
    "accounts-send-mails": {
        "task": "accounts.tasks.send_mails",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "merging-advance-queues": {
        "task": "merging.tasks.advance_queues",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},  # while no worker runs, one of them is enough
    },
}

# --- Accounts -------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.RoleBackend"]
LOGIN_URL = "admin:login"
AXES_LOCK_OUT_AT_FAILURE = False  # axes keeps refused sign-ins for administrators; the counter that decides is ours
AXES_RESET_ON_SUCCESS = False
AXES_DISABLE_ACCESS_LOG = True  # sessions tell who signed in
AXES_CLIENT_IP_CALLABLE = "accounts.http.axes_address"
AXES_VERBOSE = False
SILENCED_SYSTEM_CHECKS = ["axes.W002", "axes.W003"]  # its middleware and its backend would decide
PASSWORD_HASHERS = ["accounts.hashers.PasswordHasher"]
PASSWORD_HASHING_LIMIT = env.integer("OMS_PASSWORD_HASHING_LIMIT", os.cpu_count() or 1, minimum=1, maximum=64)
"""How many passwords a process checks at once: each takes a core and 64 MB for its time."""
PASSWORD_HASHING_WAIT = 10.0
"""Seconds that a sign-in waits for its turn before it is told to come back."""
PASSWORD_BLOCKLIST = env.file("OMS_PASSWORD_BLOCKLIST")
"""A file of ``manage.py build_password_blocklist`` whose passwords are refused beside the built-in ones."""
PASSWORD_WORDS = env.names("OMS_PASSWORD_WORDS")
"""Words that nobody's password may be made of, such as the organisation's name."""
LOGIN_LIMIT = 5
"""Wrong passwords, or codes, that are looked at in a window before all but known devices are locked out."""
AXES_FAILURE_LIMIT = LOGIN_LIMIT  # what its pages show; it decides nothing
LOGIN_WINDOW = timedelta(minutes=15)
LOGIN_LOCK = timedelta(minutes=15)
LOGIN_HARD_LIMIT = 100
"""Wrong ones in a row after which only an administrator or a mail unlocks (NIST SP 800-63B-4, 3.2.2)."""
LOGIN_NETWORK_LIMIT = 100
"""Wrong ones from one IPv4 address or one IPv6 /64 in a window."""
LOGIN_COUNTERS_KEPT = timedelta(days=30)
LOGIN_CHALLENGE_LIFETIME = timedelta(minutes=10)
"""How long a sign-in may take from the right password to the end."""
FRESH_AUTHENTICATION = timedelta(minutes=10)
"""How long ago somebody may have shown who they are where something sensitive asks for it."""
DEVICE_KEPT = timedelta(days=180)
"""How long a device is known after it was last used."""
DEVICES = 20
"""So many devices of an account are known."""
DEVICE_COOKIE = "oms_device"
PASSKEYS = 20
"""So many passkeys an account may have."""
WEBAUTHN_RP_NAME = "OMS"
WEBAUTHN_CEREMONY_LIFETIME = timedelta(minutes=5)
"""How long an authenticator, and who holds it, may take."""
TOTP_TOLERANCE = env.integer("OMS_TOTP_TOLERANCE", 0, minimum=0, maximum=1)
"""Time steps of 30 seconds before and after the present one whose codes are accepted as well."""
RECOVERY_CODES = 10
ACCESS_TOKEN_LIFETIME = timedelta(minutes=10)
SESSION_IDLE_LIFETIME = timedelta(hours=2)
SESSION_TOUCH_INTERVAL = timedelta(minutes=1)
"""How exactly a session's last use is kept: not every request writes."""
SESSION_ABSOLUTE_LIFETIME = timedelta(days=1)
API_KEY_LIFETIME = timedelta(days=90)
API_KEY_LIFETIME_MAX = timedelta(days=366)
API_KEY_OVERLAP = timedelta(days=1)
"""How long a key that was rotated goes on, where nothing else is asked for."""
API_KEY_OVERLAP_MAX = timedelta(days=30)
REFRESH_GRACE = timedelta(seconds=10)
TOKEN_ISSUER = env.text("OMS_TOKEN_ISSUER", f"oms/{INSTANCE}")
TOKEN_AUDIENCE = "oms"  # noqa: S105  a name, no secret
SIGN_IN_PROVIDER = sign_in_provider(env)
"""The provider of OpenID Connect by which people sign in beside a password, if there is one."""

# --- Mail -----------------------------------------------------------------------------------

PUBLIC_URL = env.public_url(
    "OMS_PUBLIC_URL",
    f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if HTTPS else f"http://localhost:{WEB_PORT}",
    https=HTTPS,
)
"""Where browsers find the console and the API, and what links in mails begin with: never what a request claims."""
mail = env.mail("OMS_EMAIL_URL")
EMAIL_BACKEND = mail["EMAIL_BACKEND"]
EMAIL_HOST = mail.get("EMAIL_HOST", "localhost")
EMAIL_PORT = mail.get("EMAIL_PORT", 25)
EMAIL_HOST_USER = mail.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = mail.get("EMAIL_USE_SSL", False)
EMAIL_USE_TLS = mail.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.sender("OMS_EMAIL_FROM", "OMS <oms@localhost>")
MAIL_ATTEMPTS = 8
MAIL_RETRY = timedelta(minutes=2)
"""After the first attempt; each wait is twice the one before, so that the last attempt is four hours after it."""
MAIL_KEPT = timedelta(days=30)
MAIL_LIMIT = 5
"""Mails to one address that anybody may have sent in a window (``LOGIN_WINDOW``) by asking for them."""
RESET_LINK_LIFETIME = timedelta(minutes=30)
UNLOCK_LINK_LIFETIME = timedelta(minutes=30)
ADDRESS_LINK_LIFETIME = timedelta(hours=24)
INVITATION_LIFETIME = timedelta(days=7)

# --- Content model and commit hooks of the versioned store ------------------------------------

HISTORY_CONTENT_MODEL = "ontology.engine.content.OntologyContent"
"""What knows the kinds that history versions: normalises, finds references, rewrites renames."""
HISTORY_COMMIT_HOOKS = ["ontology.services.check_commit"]
"""Callables asked before a head moves; each may refuse with an error."""
HISTORY_HEAD_GUARDS = ["accounts.services.resource_guard", "merging.services.protection_guard"]
"""Callables given a ``history.services.HeadChange``; each may refuse with a HeadRefused."""
HISTORY_HEAD_LISTENERS = ["merging.services.proposals_follow"]
"""Callables given the ``HeadChange`` after the head has moved, in the same transaction."""

# --- Merging ------------------------------------------------------------------------------------

MERGING_STRATEGIES = env.names("OMS_MERGING_STRATEGIES")
"""Dotted paths of functions that settle disagreements beside the strategies that are built in, each by its name."""

# --- REST and GraphQL -----------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.AccessTokenAuthentication",
        "accounts.api.authentication.BrowserSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["gateway.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["gateway.api.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "gateway.api.pagination.LimitOffsetPagination",
    "DEFAULT_SCHEMA_CLASS": "gateway.api.schema.OperationSchema",
    "EXCEPTION_HANDLER": "gateway.api.problems.exception_handler",
    "URL_FORMAT_OVERRIDE": None,  # ?format= names the format of a document, not a media type
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
BODY_LIMIT = 1 * 1024 * 1024
"""Bytes of a request body, except where documents and commits come in."""
DOCUMENT_BODY_LIMIT = 32 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = DOCUMENT_BODY_LIMIT
FILE_UPLOAD_HANDLERS = [
    "gateway.http.uploads.BoundedUpload",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

SPECTACULAR_SETTINGS = {
    "TITLE": "OMS",
    "DESCRIPTION": "Ontologies under version control: branches, commits, semantic merges and a verifiable history.",
    "VERSION": "v1",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "GET_LIB_DOC_EXCLUDES": "gateway.api.schema.classes_not_quoted",
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "CheckState": "merging.models.CheckState",
        "ConflictKind": "merging.api.serializers.merges.CONFLICT_KINDS",
        "Health": "gateway.selectors.Health",
        "FindingSeverity": "ontology.api.serializers.FINDING_SEVERITIES",
        "MergeMethod": "merging.api.serializers.merges.METHODS",
        "MergeWay": "merging.api.serializers.merges.WAYS",
        "ProposalState": "merging.models.ProposalState",
        "ProtectionRuleMode": "merging.models.RuleMode",
        "ResourceKind": "ontology.api.serializers.RESOURCE_KINDS",
        "QueueState": "merging.models.QueueState",
        "ReviewVerdict": "merging.models.Verdict",
        "Role": "history.models.Role",
        "RuleSeverity": "ontology.models.RuleSeverity",
        "SessionKind": "accounts.models.SessionKind",
        "UserKind": "accounts.models.UserKind",
        "ViolationSeverity": "ontology.api.serializers.VIOLATION_SEVERITIES",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
}

# --- Language, time and files -----------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True  # served from where they lie: nothing to collect, no STATIC_ROOT

# --- Security headers -------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]  # asked from inside, without the proxy that ends TLS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
TRUSTED_PROXIES = env.networks("OMS_TRUSTED_PROXIES")
"""The networks of the proxies whose X-Forwarded-For tells a client's address."""
WEBAUTHN_RP_ID = urlsplit(PUBLIC_URL).hostname or "localhost"
"""The host that passkeys are made for and serve at."""
WEBAUTHN_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(PUBLIC_URL))]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.boolean("OMS_BEHIND_PROXY", default=False) else None
)
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(SESSION_ABSOLUTE_LIFETIME.total_seconds())
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = env.names("OMS_TRUSTED_ORIGINS")
CSRF_FAILURE_VIEW = "gateway.views.csrf_failure"

# --- Logs ---------------------------------------------------------------------------------------

LOG_FORMAT = env.choice("OMS_LOG_FORMAT", ("console", "json"))
LOG_LEVELS = ("INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL")
shared_processors: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
# Tracebacks without the values of variables, among which are passwords and tokens.
log_renderers: list[Any] = (
    [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    if LOG_FORMAT == "json"
    else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": shared_processors,
            "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *log_renderers],
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["stderr"], "level": env.choice("OMS_LOG_LEVEL", LOG_LEVELS)},
    "loggers": {"django": {"handlers": [], "level": "INFO", "propagate": True}},
}
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True  # RequestIdHeaderMiddleware has checked it
structlog.configure(
    processors=[*shared_processors, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
