"""An ontology in memory of which some object types change: the states before and afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from benchmarks.families import ROOT, related
from benchmarks.ontology import SEED
from benchmarks.progress import step
from history.engine.content import Content, Key
from ontology.engine.breaking import Change, differing
from ontology.engine.content import OntologyContent
from ontology.engine.state import Documents

EDITS: Final[tuple[dict[str, Any], ...]] = (
    {"type": {"type": "json"}},
    {"required": True},
    {"unique": True},
    {"constraints": {"max_length": 2}},
    {"description": {"en": "Another description."}},
)
_MODEL: Final = OntologyContent()


@dataclass(frozen=True)
class Evolution:
    """Two states of an ontology and what differs. Who names whom in them is known, as it is in the database."""

    types: int
    before: Documents
    after: Documents
    changes: list[Change]
    keys: list[Key]
    """What differs, as a commit knows it."""


def load(types: int, changed: int) -> Evolution:
    """As :func:`evolution`, told of while it is made."""
    with step(f"Making up {types:,} object types and links, and a change of {changed:,}"):
        return evolution(types, changed)


def evolution(types: int, changed: int) -> Evolution:
    """``types`` related object types and as many links; ``changed`` of the types are edited, each in one place."""
    random = Random(SEED)
    before = stored(related(types))
    after = dict(before)
    for key in random.sample(sorted(key for key in before if key[0] == "object_type" and key[1] != ROOT), changed):
        after[key] = _edited(random, key, before[key])
    return evolved(types, before, after)


def evolved(types: int, before: Mapping[Key, Content], after: Mapping[Key, Content]) -> Evolution:
    """The evolution between two states in normal form."""
    changes = differing(before, after)
    keys = sorted({key for change in changes for key in change if key})
    return Evolution(types, _indexed(before), _indexed(after), changes, keys)


def stored(contents: Mapping[Key, Content]) -> dict[Key, Content]:
    """``contents`` in normal form."""
    return {key: _normal(key, content) for key, content in contents.items()}


def _normal(key: Key, content: Content, previous: Content | None = None) -> Content:
    return _MODEL.normalise(*key, content, previous, lambda _rid: False)


def _indexed(contents: Mapping[Key, Content]) -> Documents:
    """The state with its indexes, which are made when they are first asked."""
    state = Documents(contents)
    anything = list(contents)[:1]
    state.referrers(anything)
    state.namesakes(anything)
    return state


def _edited(random: Random, key: Key, content: Content) -> Content:
    """One of the edits of a type: a property goes, comes, gets another name or another meaning, or a parent goes."""
    properties = dict(content["properties"])
    name = random.choice(sorted(properties.keys() - {"serial_number"}))
    match random.randrange(len(EDITS) + 4):
        case 0:
            del properties[name]
        case 1:
            properties[f"{name}_renamed"] = properties.pop(name)
        case 2:
            properties["added"] = {"type": "string", "required": True}
        case 3:
            return _normal(key, {**content, "extends": [], "implements": []}, content)
        case place:
            properties[name] = {**properties[name], **EDITS[place - 4]}
    return _normal(key, {**content, "properties": properties}, content)
