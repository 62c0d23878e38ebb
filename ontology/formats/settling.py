"""Making valid what was read from a foreign source: what breaks a rule is left out, and said.

Sources are real: they refer to what is elsewhere, give a thing two types, or name a key that is not
there. None of them is refused as a whole for that.
"""

import copy
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from gateway.engine.json_pointer import tokens
from history.engine.content import Content, ContentInvalid, Key, Violation
from ontology.engine.content import OntologyContent
from ontology.engine.state import Documents
from ontology.engine.validation import Severity, affected, in_document, validate
from ontology.formats.reading import Omission, Reading

ONE_BREAKS_ALL: Final = frozenset({"DUPLICATE_NAME", "INHERITANCE_CYCLE", "INVERSE_MISMATCH", "REQUIRED_CYCLE"})
"""Rules that several resources break together, and none any more once one of them has given way."""


def settled(reading: Reading) -> Reading:
    """``reading`` in normal form, without what breaks a rule; the omissions name each part that is gone.

    A part that breaks a rule goes by itself, and what cannot be without it with it. As every round takes
    something away, there is an end.
    """
    omissions = list(reading.omissions)
    contents = _normal(reading.contents, omissions)
    subjects: Iterable[Key] = contents
    while errors := list(_errors(contents, subjects)):
        before, contents = Documents(contents), dict(contents)
        touched = set()
        for key, violation in errors:
            if key in contents:
                contents[key] = copy.deepcopy(contents[key])
                omissions.append(_leave_out(contents, key, violation))
                touched.add(key)
        for key in touched & contents.keys():
            contents |= _normal({key: contents.pop(key)}, omissions)
        subjects = affected(Documents(contents), before, touched)
    return Reading(contents, omissions)


def _normal(contents: Mapping[Key, Any], omissions: list[Omission]) -> dict[Key, Content]:
    """The normal forms of as much of ``contents`` as there is one of."""
    normal, left = {}, dict(contents)
    for key in contents:
        while key in left and key not in normal:
            try:
                normal[key] = OntologyContent().normalise(*key, left[key], None, lambda _rid: False)
            except ContentInvalid as refused:
                left[key] = copy.deepcopy(left[key])
                for violation in sorted(refused.violations, key=_place, reverse=True):
                    if key in left:
                        omissions.append(_leave_out(left, key, violation))
    return normal


def _errors(contents: Mapping[Key, Content], subjects: Iterable[Key]) -> Iterator[tuple[Key, Violation]]:
    """The errors of which each can be mended by itself; of those that hang together the first."""
    seen = set()
    found = validate(Documents(contents), subjects)
    errors = [(key, violation) for key, violation in found if violation.severity == Severity.ERROR]
    for key, violation in sorted(errors, key=lambda each: (each[0], _place(each[1])), reverse=True):
        if violation.rule not in ONE_BREAKS_ALL:
            yield key, violation
        elif violation.rule not in seen:
            seen.add(violation.rule)
            yield key, violation


def _place(violation: Violation) -> list[str]:
    """By this, items of a list come in their order; who takes some away begins with the last."""
    return [token.zfill(10) if token.isdigit() else token for token in tokens(violation.path)]


def _leave_out(contents: dict[Key, Any], key: Key, violation: Violation) -> Omission:
    """Take the value at the violation's path away, or what should hold it where there is none; of a list its last."""
    holders, value = [], contents[key]
    path = tokens(violation.path)
    for token in path:
        part = _part(value, token)
        if part is None:
            break
        holders.append((value, token))
        value = part
    if isinstance(value, list) and value and len(holders) == len(path):
        value.pop()
    elif holders:
        holder, token = holders[-1]
        del holder[int(token) if isinstance(holder, list) else token]
    else:
        del contents[key]
    return Omission(in_document((key, violation)).path, violation.rule, violation.message)


def _part(value: Any, token: str) -> Any:
    if isinstance(value, dict):
        return value.get(token)
    if isinstance(value, list) and token.isdigit() and int(token) < len(value):
        return value[int(token)]
    return None
