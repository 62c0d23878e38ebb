"""The file in which people say how conflicts are resolved: ``{id: option}`` or ``{id: {"custom": value}}``."""

from typing import Any

from gateway.exceptions import OMSError
from merging.engine.policy import Decision
from merging.engine.result import Option
from merging.engine.strategies import BUILT_IN
from ontology.formats import notation
from ontology.management.sources import SourceRefused, is_json, refused_by, text_in

STRATEGIES = tuple(name for name in BUILT_IN if name != "newest")
"""What can be chosen between files, which do not tell which side is newer."""


def decisions_in(source: str) -> dict[str, Decision]:
    """The decisions in a file of JSON or YAML, by the ids of conflicts; of an empty one none. Raises SourceRefused."""
    text = text_in(source)
    read = notation.read_json if is_json(source) else notation.read
    try:
        given = read(text) if text.strip() else {}
    except OMSError as error:
        raise refused_by(error, source) from error
    if not isinstance(given, dict):
        raise SourceRefused(source, "Decisions are an object of the conflicts' ids.")
    decisions = {conflict: _decision(said) for conflict, said in given.items()}
    wrong = [conflict for conflict, decision in decisions.items() if decision is None]
    if wrong:
        allowed = f'one of {", ".join(STRATEGIES)} or {{"custom": VALUE}}'
        raise SourceRefused(source, *(f"/{conflict}: A decision is {allowed}." for conflict in wrong))
    return {conflict: decision for conflict, decision in decisions.items() if decision}


def _decision(said: Any) -> Decision | None:
    if isinstance(said, dict) and said.keys() == {Option.CUSTOM.value}:
        return Decision(Option.CUSTOM, said[Option.CUSTOM.value])
    return Decision(said) if isinstance(said, str) and said in STRATEGIES else None
