"""What a merge of files came to, as people and programs read it."""

import json
from typing import Any, Final

from merging.engine.result import Conflict
from merging.engine.values import ABSENT, Value
from merging.selectors import DocumentMerge
from ontology.engine.document import document_of
from ontology.engine.validation import in_document

_WIDEST: Final = 200
"""The most characters of a value in the table; JSON has them all."""


def merge_json(merge: DocumentMerge) -> dict[str, Any]:
    """``{document, conflicts, strategies, violations}``."""
    return {
        "document": document_of(merge.contents),
        "conflicts": [conflict.to_open_json() for conflict in merge.conflicts],
        "strategies": [settled.to_json() for settled in merge.strategies],
        "violations": [
            {"rule": each.rule, "path": each.path, "message": each.message, "severity": each.severity}
            for each in map(in_document, merge.violations)
        ],
    }


def table(merge: DocumentMerge) -> str:
    """Every conflict with its sides and its id, every violation with its sentence, and a line that counts them."""
    violations = [
        f"{each.severity:<13}  {each.rule}  {each.path}\n{'':<15}{each.message}"
        for each in map(in_document, merge.violations)
    ]
    counted = f"{len(merge.conflicts)} conflicts, {len(violations)} violations, {len(merge.strategies)} settled."
    return "\n".join([*map(_conflict, merge.conflicts), *violations, counted])


def _conflict(conflict: Conflict) -> str:
    sides = [f"{side:<7}  {_shown(value)}" for side, value in conflict.sides._asdict().items()]
    lines = [*sides, f"{'options':<7}  {', '.join(conflict.options)}", f"{'id':<7}  {conflict.id}"]
    return "\n".join([f"{conflict.kind:<13}  {conflict.path}", *(f"{'':<15}{line}" for line in lines)])


def _shown(value: Value) -> str:
    if value is ABSENT:
        return "-"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 1]}…"
