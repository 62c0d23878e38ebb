"""What happened to a proposal, in words."""

import ast
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest

from merging.selectors import TimelineEntry
from merging.views.timeline import WORDS, Item, Known

SERVICES = Path(__file__).resolve().parents[2] / "merging" / "services"


def words_of(event: str, **data: object) -> str:
    return Item(TimelineEntry(uuid.uuid4(), event, datetime.now(UTC), None, data), Known()).words


def test_words_name_what_the_event_holds() -> None:
    assert words_of("io.oms.merging.proposal.opened", source="topic", target="main") == (
        "proposed to merge topic into main"
    )


@pytest.mark.parametrize("event", WORDS)
def test_an_event_that_lacks_what_its_words_ask_for_is_told_all_the_same(event: str) -> None:
    """Events are as they were written; words change."""
    assert words_of(f"io.oms.{event}")


def test_what_has_no_words_goes_by_its_type() -> None:
    assert words_of("io.oms.pii.subject.erased") == "pii.subject.erased"


def test_there_are_words_for_whatever_merging_does_to_a_proposal() -> None:
    """Reviews and comments are shown as what was said instead."""
    texts = {
        node.value
        for path in SERVICES.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    things = ("proposal", "reviewer", "review", "thread", "comment", "conflict", "queue_entry", "commit")
    begin = tuple(f"merging.{thing}." for thing in things)
    told = {text.removeprefix("io.oms.") for text in texts if text.removeprefix("io.oms.").startswith(begin)}
    shown = {"merging.review.submitted", "merging.comment.created"}
    assert told - shown == {event for event in WORDS if event.startswith(begin)}
