"""The Korean catalogue: complete, and compiled as it is committed."""

import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings

from ontology.engine.kinds import KINDS, TYPES
from ontology.engine.shapes import ListOf, MapOf, Record, Shape, Tagged
from ontology.views import labels

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "ko" / "LC_MESSAGES" / "django.po"
ENTRY = re.compile(
    r'^msgid (?P<id>(?:".*"\n)+)(?:msgid_plural (?:".*"\n)+)?msgstr(?:\[0\])? (?P<text>(?:".*"\n?)+)', re.MULTILINE
)


def unquoted(lines: str) -> str:
    joined = "".join(re.findall(r'"(.*)"', lines))
    return joined.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    entries = ENTRY.finditer(CATALOGUE.read_text(encoding="utf-8"))
    return {unquoted(entry["id"]): unquoted(entry["text"]) for entry in entries}


def test_everything_is_translated(written: dict[str, str]) -> None:
    assert len(written) > 400
    assert [source for source, text in written.items() if not text] == []


def test_the_compiled_catalogue_is_that_of_the_source(written: dict[str, str]) -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)
    for source, text in written.items():
        if source:
            assert text in (catalogue.gettext(source), catalogue.ngettext(source, source, 1)), source


def fields(shape: Shape) -> set[str]:
    match shape:
        case Record():
            return set(shape.fields).union(*(fields(part) for part in shape.fields.values()))
        case MapOf(value=part) | ListOf(item=part):
            return fields(part)
        case Tagged(tag=tag, cases=cases):
            return {tag}.union(*(fields(case) for case in cases.values()))
    return set()


def test_every_kind_and_field_has_a_label() -> None:
    assert set(labels.KINDS) == set(labels.KIND_DESCRIPTIONS) == set(KINDS)
    named = set().union(*(fields(record) for record in [*KINDS.values(), *TYPES.values()]))
    assert named - set(labels.FIELDS) == set()
