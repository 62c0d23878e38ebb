"""Six years of schema.org: what each release broke of the one before."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from ontology.engine.breaking import Finding, Severity, differing, findings
from ontology.engine.content import OntologyContent
from ontology.engine.document import contents_of
from ontology.engine.state import Documents
from tests.ontology import neutral

PAIRS = [("12.0", "15.0"), ("15.0", "18.0"), ("18.0", "22.0"), ("22.0", "28.0"), ("28.0", "28.1"), ("28.1", "29.0")]

SAFE = "OT_ADDED LK_ADDED RS_ADDED PR_ADDED_OPTIONAL OT_PARENT_ADDED OT_DISPLAY_CHANGED PR_DISPLAY_CHANGED RS_CHANGED"
COUNTS: dict[tuple[str, str], dict[str, int]] = {
    ("12.0", "15.0"): {
        "LK_END_WIDENED": 16,  # most of them by OfferShippingDetails and other types that are new
        "PR_TYPE_CASTABLE": 2,  # CreativeWork.expires, MerchantReturnPolicy.merchantReturnDays
        "VT_ENUM_VALUE_ADDED": 2,
        "LK_END_NARROWED": 1,  # fundedItem was of any Thing
        "OT_ADDED": 22,
        "LK_ADDED": 41,
        "RS_ADDED": 5,
        "PR_ADDED_OPTIONAL": 45,
        "OT_PARENT_ADDED": 3,
        "OT_DISPLAY_CHANGED": 71,
        "PR_DISPLAY_CHANGED": 147,
        "RS_CHANGED": 66,
    },
    ("15.0", "18.0"): {
        "PR_DELETED": 3,  # of StatisticalPopulation and Observation, which were pending
        "LK_DELETED": 1,  # observedNode, pending
        "PR_TYPE_CASTABLE": 1,  # PlanAction.scheduledTime
        "LK_END_WIDENED": 9,  # among them thumbnail, from images and videos to all creative works
        "OT_ADDED": 5,
        "LK_ADDED": 7,
        "RS_ADDED": 1,
        "PR_ADDED_OPTIONAL": 12,
        "OT_PARENT_ADDED": 1,
        "OT_DISPLAY_CHANGED": 4,
        "PR_DISPLAY_CHANGED": 11,
        "RS_CHANGED": 7,
    },
    ("18.0", "22.0"): {
        "OT_ADDED": 2,
        "LK_ADDED": 4,
        "PR_ADDED_OPTIONAL": 2,
        "OT_DISPLAY_CHANGED": 1,
        "PR_DISPLAY_CHANGED": 3,
        "RS_CHANGED": 1,
    },
    ("22.0", "28.0"): {
        "PR_DELETED": 5,  # payment methods were an enumeration and became a type
        "OT_PARENT_REMOVED": 2,  # PaymentMethod with them; DonateAction is no TradeAction any more
        "VT_DELETED": 3,
        "PR_TYPE_CASTABLE": 1,  # MediaObject.uploadDate
        "LK_END_WIDENED": 17,
        "VT_ENUM_VALUE_ADDED": 4,
        "OT_ADDED": 10,
        "LK_ADDED": 14,
        "RS_ADDED": 5,
        "PR_ADDED_OPTIONAL": 16,
        "OT_PARENT_ADDED": 3,
        "OT_DISPLAY_CHANGED": 11,
        "PR_DISPLAY_CHANGED": 38,
        "RS_CHANGED": 23,
    },
    ("28.0", "28.1"): {
        "PR_TYPE_CASTABLE": 1,  # EducationalOccupationalProgram.applicationDeadline
        "LK_END_WIDENED": 3,
        "VT_ENUM_VALUE_ADDED": 4,
        "LK_ADDED": 2,
        "PR_ADDED_OPTIONAL": 7,
        "OT_DISPLAY_CHANGED": 7,
        "PR_DISPLAY_CHANGED": 22,
        "RS_CHANGED": 13,
    },
    ("28.1", "29.0"): {
        "LK_END_WIDENED": 20,  # shipping and membership
        "OT_ADDED": 9,
        "LK_ADDED": 17,
        "RS_ADDED": 5,
        "PR_ADDED_OPTIONAL": 5,
        "OT_DISPLAY_CHANGED": 3,
        "PR_DISPLAY_CHANGED": 9,
        "RS_CHANGED": 9,
    },
}
"""The findings of each neighbour pair by rule, as they were read for sense."""

GRAVE = {
    ("12.0", "15.0"): {"/object_type/CreativeWork/properties/expires/type"},
    ("15.0", "18.0"): {"/object_type/PlanAction/properties/scheduledTime/type"},
    ("22.0", "28.0"): {
        "/object_type/Demand/properties/acceptedPaymentMethod",
        "/object_type/Invoice/properties/paymentMethod",
        "/object_type/Offer/properties/acceptedPaymentMethod",
        "/object_type/Order/properties/paymentMethod",
        "/object_type/PaymentChargeSpecification/properties/appliesToPaymentMethod",
        "/object_type/DonateAction/extends",
        "/object_type/PaymentMethod/extends",
        "/object_type/MediaObject/properties/uploadDate/type",
        "/value_type/CreditCard",
        "/value_type/PaymentCard",
        "/value_type/PaymentMethod",
    },
}
"""What is high or critical."""


@cache
def releases(folder: Path) -> dict[str, Documents]:
    model = OntologyContent()
    states: dict[str, Documents] = {}
    for release, document in neutral.load_releases(folder).items():
        contents, _ = contents_of(document)
        stored = {key: model.normalise(*key, content, None, lambda _rid: False) for key, content in contents.items()}
        states[release] = Documents(stored)
    return states


def compared(folder: Path, pair: tuple[str, str]) -> tuple[Documents, Documents, list[Finding]]:
    before, after = (releases(folder)[release] for release in pair)
    return before, after, findings(before, after, differing(before, after), today=date(2026, 11, 23))


def test_the_pairs_are_the_neighbours(oms_test_data: Path) -> None:
    assert list(pairwise(releases(oms_test_data))) == PAIRS == list(COUNTS)


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_the_findings_of_a_release_are_those_that_were_read(pair: tuple[str, str], oms_test_data: Path) -> None:
    _, _, found = compared(oms_test_data, pair)
    assert Counter(each.rule for each in found) == COUNTS[pair]
    grave = {
        each.path.removeprefix("/resources") for each in found if each.severity in {Severity.HIGH, Severity.CRITICAL}
    }
    assert grave == GRAVE.get(pair, set())
    assert all(each.severity is Severity.LOW for each in found if each.rule in SAFE.split())


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_all_that_went_or_changed_is_there_and_nothing_else(pair: tuple[str, str], oms_test_data: Path) -> None:
    before, after, found = compared(oms_test_data, pair)
    paths = {each.path for each in found}
    assert set(_losses(before, after)) <= paths
    parents = {(each.path, each.before) for each in found if each.rule == "OT_PARENT_REMOVED"}
    assert set(_parents_removed(before, after)) == parents
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert {tuple(path.split("/")[2:4]) for path in paths} == changed


def _losses(before: Documents, after: Documents) -> Iterator[str]:
    """Where something was that is gone, or is of another type or range."""
    for (kind, name), content in before.items():
        path, now = f"/resources/{kind}/{name}", after.get((kind, name))
        if now is None:
            yield path
            continue
        for member, property_ in content.get("properties", {}).items():
            yield from _changed_type(f"{path}/properties/{member}", property_, now["properties"].get(member))
        for side in ("source", "target"):
            if content.get(side) != now.get(side):
                yield f"{path}/{side}/types"


def _changed_type(path: str, before: Any, after: Any) -> Iterator[str]:
    if after is None:
        yield path
    elif before.get("type") != after.get("type"):
        yield f"{path}/type"


def _parents_removed(before: Documents, after: Documents) -> Iterator[tuple[str, str]]:
    for (kind, name), content in before.items():
        now = after.get((kind, name))
        for parent in content.get("extends", ()):
            if kind == "object_type" and now is not None and parent not in now.get("extends", ()):
                yield f"/resources/{kind}/{name}/extends", parent


def test_a_release_breaks_nothing_of_itself(oms_test_data: Path) -> None:
    state = releases(oms_test_data)["29.0"]
    assert findings(state, state, [(key, key) for key in state], today=date(2026, 11, 23)) == []


def test_going_back_breaks_what_going_forward_added(oms_test_data: Path) -> None:
    states = releases(oms_test_data)
    before, after = states["29.0"], states["28.1"]
    back = Counter(each.rule for each in findings(before, after, differing(before, after), today=date(2026, 11, 23)))
    forward = COUNTS["28.1", "29.0"]
    assert back["OT_DELETED"] == forward["OT_ADDED"]
    assert back["LK_DELETED"] == forward["LK_ADDED"]
    assert back["VT_DELETED"] == forward["RS_ADDED"]
    assert back["LK_END_NARROWED"] == forward["LK_END_WIDENED"]
