"""The table of errors over all apps."""

from collections import Counter
from pathlib import Path

from django.core.management.commands.makemessages import TranslatableFile
from django.utils import translation

from gateway.exceptions import AuthenticationStale, OMSError
from oms_project.management.commands.makemessages import Command


def told(kind):
    """An error as it is raised: one says how long ago a sign-in may have been."""
    return kind(max_age=600) if kind is AuthenticationStale else kind()


def every_error(kind=OMSError):
    return [kind, *(each for below in kind.__subclasses__() for each in every_error(below))]


def errors_of_ours():
    return [kind for kind in every_error() if "code" in vars(kind) and not kind.__module__.startswith("tests.")]


def test_every_error_that_clients_may_see_has_a_code_of_its_own_and_a_sentence():
    errors = errors_of_ours()
    assert [code for code, count in Counter(kind.code for kind in errors).items() if count > 1] == []
    for kind in errors:
        assert 400 <= kind.status < 600, kind
        assert kind.code == kind.code.lower(), kind
        assert "_" not in kind.code, kind
        assert told(kind).title.endswith("."), kind
        assert told(kind).detail == told(kind).title, kind


def test_every_title_is_korean_for_who_reads_korean():
    with translation.override("ko"):
        untranslated = [kind for kind in errors_of_ours() if told(kind).title == kind.__doc__.strip().splitlines()[0]]
    assert untranslated == []


def test_titles_are_found_for_translation_where_they_stand(tmp_path):
    (tmp_path / "exceptions.py").write_text('class Gone(Exception):\n    """It is gone."""\n')
    file = Command.build_file_class(Command(), "django", TranslatableFile(str(tmp_path), "exceptions.py", None))
    file.preprocess()
    assert Path(file.work_path).read_text().endswith("\n_('It is gone.')")
    file.cleanup()
    assert [path.name for path in tmp_path.iterdir()] == ["exceptions.py"]
