"""Ontologies of any size, made up alike at every run: object types, links between them, and edits of both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from history.engine.content import Content, Key

SEED: Final = 20_000

QUALITIES = (
    ("Planned", "계획"),
    ("Approved", "승인"),
    ("Regional", "지역"),
    ("Critical", "중요"),
    ("Leased", "임대"),
    ("Inspected", "점검"),
    ("Archived", "보관"),
    ("Automated", "자동"),
)
NOUNS = (
    ("Supplier", "공급사"),
    ("WorkOrder", "작업지시"),
    ("Shipment", "출하"),
    ("Assembly", "조립품"),
    ("Warehouse", "창고"),
    ("Invoice", "송장"),
    ("Technician", "기술자"),
    ("Component", "부품"),
    ("Contract", "계약"),
    ("Inspection", "검사"),
    ("Facility", "시설"),
    ("Vehicle", "차량"),
)
PROPERTIES: Mapping[str, Content] = {
    "serial_number": {"type": "string", "required": True, "unique": True, "indexed": True},
    "quantity": {"type": "integer", "constraints": {"min": 0, "max": 1_000_000}},
    "unit_price": {"type": {"type": "decimal", "precision": 12, "scale": 2}},
    "currency": {"type": "string", "constraints": {"min_length": 3, "max_length": 3}},
    "started_at": {"type": "timestamp", "indexed": True},
    "finished_at": {"type": "timestamp"},
    "due_on": {"type": "date"},
    "location": {"type": "geopoint"},
    "remarks": {"type": "string", "searchable": True, "constraints": {"max_length": 4000}},
    "weight_kg": {"type": "double", "constraints": {"exclusive_min": 0}},
    "is_active": {"type": "boolean", "default": True},
    "labels": {"type": {"type": "array", "items": "string"}},
    "contact_email": {"type": "string", "marking": "personal_data"},
    "revision": {"type": "short"},
    "approved_by": {"type": "string"},
}
WORDS = (
    *("records", "what", "was", "agreed", "with", "the", "plant", "and", "when", "it", "takes", "effect", "before"),
    *("anything", "leaves", "yard", "so", "that", "finance", "quality", "customer", "read", "one", "number", "from"),
    *("order", "to", "delivery", "while", "older", "entries", "stay", "open", "until", "somebody", "closes", "them"),
)
CARDINALITIES = ("one_to_many", "many_to_one", "many_to_many", "one_to_one")
DOMAINS = ("procurement", "production", "logistics", "quality", "service", "engineering")


def resources(count: int) -> dict[Key, Content]:
    """``count`` resources, half of them object types and half links, each of which refers to two of the types."""
    random = Random(SEED)
    types = {_name(random, number): _object_type(random) for number in range(count // 2)}
    names = list(types)
    made: dict[Key, Content] = {("object_type", name): content for name, content in types.items()}
    for number in range(count - len(types)):
        source, target = random.choice(names), random.choice(names)
        made["link_type", f"{source}_to_{target}_{number}"] = _link_type(random, source, target, number)
    return made


@dataclass(frozen=True)
class Edits:
    """What two branches make of one ontology; None is removed.

    The sides disagree about ``contested`` and nothing else: of what else both edited, they edited
    other fields, which a merge by lines can tell apart as well.
    """

    ours: Mapping[Key, Content | None]
    theirs: Mapping[Key, Content | None]
    contested: frozenset[Key]


def edits(base: Mapping[Key, Content], *, changed: int, conflicts: int) -> Edits:
    """``changed`` edited resources on each side, ``conflicts`` of them in disagreement.

    As many again are edited on both sides in agreement. Of the rest one in ten is new, one in ten removed.
    """
    random = Random(SEED + 1)
    keys = random.sample(sorted(base), 2 * changed)
    contested, shared = keys[:conflicts], keys[conflicts : 2 * conflicts]
    own = changed - 2 * conflicts
    alone = keys[2 * conflicts :]
    ours: dict[Key, Content | None] = {
        **{key: _described(random, base[key]) for key in (*contested, *shared)},
        **_own_edits(random, base, alone[:own], "Ours"),
    }
    theirs: dict[Key, Content | None] = {
        **{key: _described(random, base[key]) for key in contested},
        **{key: {**base[key], "visibility": "prominent"} for key in shared},
        **_own_edits(random, base, alone[own : 2 * own], "Theirs"),
    }
    return Edits(ours, theirs, frozenset(contested))


def edited(random: Random, content: Content) -> Content:
    """One of the edits that people make to a resource that stays."""
    properties = content.get("properties", {})
    if not properties or random.random() < 0.3:
        return _described(random, content)
    name = random.choice(sorted(properties))
    change = random.choice(
        ({"description": {"en": _sentence(random)}}, {"status": "deprecated"}, {"visibility": "hidden"})
    )
    return {**content, "properties": {**properties, name: {**properties[name], **change}}}


def _own_edits(
    random: Random, base: Mapping[Key, Content], keys: Sequence[Key], prefix: str
) -> dict[Key, Content | None]:
    """Edits of resources that the other side leaves alone."""
    tenth = len(keys) // 10
    made: dict[Key, Content | None] = {
        ("object_type", f"{prefix}{_name(random, number)}"): _object_type(random) for number in range(tenth)
    }
    links = [key for key in keys if key[0] == "link_type"][:tenth]  # nothing refers to a link
    made.update(dict.fromkeys(links))
    rest = [key for key in keys if key not in made][: len(keys) - len(made)]
    made.update((key, edited(random, base[key])) for key in rest)
    return made


def _name(random: Random, number: int) -> str:
    return f"{random.choice(QUALITIES)[0]}{random.choice(NOUNS)[0]}{number}"


def _object_type(random: Random) -> Content:
    quality, noun = random.choice(QUALITIES), random.choice(NOUNS)
    chosen = ["serial_number", *random.sample(list(PROPERTIES)[1:], random.randint(3, 10))]
    return {
        "display_name": {"en": f"{quality[0]} {noun[0]}", "ko": f"{quality[1]} {noun[1]}"},
        "description": {"en": " ".join(_sentence(random) for _ in range(3))},
        "status": "active",
        "groups": [random.choice(DOMAINS)],
        "primary_key": ["serial_number"],
        "title_property": "serial_number",
        "properties": {name: _property(random, name) for name in chosen},
    }


def _property(random: Random, name: str) -> dict[str, Any]:
    label = name.replace("_", " ").capitalize()
    return {"display_name": {"en": label}, "description": {"en": _sentence(random)}, **PROPERTIES[name]}


def _link_type(random: Random, source: str, target: str, number: int) -> Content:
    return {
        "display_name": {"en": f"{source} to {target}"},
        "description": {"en": _sentence(random)},
        "status": "active",
        "cardinality": random.choice(CARDINALITIES),
        "source": {"types": [source], "api_name": f"to_{target}_{number}"},
        "target": {"types": [target], "api_name": f"from_{source}_{number}"},
    }


def _described(random: Random, content: Content) -> Content:
    """With the last sentence of its description written anew."""
    kept = content["description"]["en"].split(". ")[:-1]
    return {**content, "description": {"en": ". ".join([*kept, _sentence(random)])}}


def _sentence(random: Random) -> str:
    return " ".join(random.choices(WORDS, k=random.randint(8, 14))).capitalize() + "."
