"""Merged contents in the form in which they are stored."""

from collections.abc import Iterable, Mapping

from history.engine.canonical import CanonicalError, canonical_bytes
from history.engine.content import Content, Key, Violation
from merging.engine.merge import Documents
from ontology.engine.normalisation import name_violations, normal_form
from ontology.engine.validation import Found


def normal_forms(
    merged: Mapping[Key, Content | None], sides: Iterable[Documents]
) -> tuple[dict[Key, Content | None], list[Found]]:
    """The normal forms, and what is wrong with contents that no side has so: values of both, or given ones."""
    contents, found = dict(merged), list[Found]()
    known = list(sides)
    for key, content in merged.items():
        if content is None or any(side.get(key) == content for side in known):
            continue
        contents[key], violations = normal_form(*key, content)
        if not any(key in side for side in known):
            violations = [*name_violations(*key), *violations]
        try:
            canonical_bytes(contents[key])
        except CanonicalError as error:
            violations.append(Violation("NOT_CANONICAL", error.path, error.message))
            contents[key] = next(side[key] for side in known if key in side)
        found += [(key, violation) for violation in violations]
    return contents, found
