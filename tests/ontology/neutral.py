"""Reads the neutral documents of real ontologies (schema.org, Biolink) as OMS documents.

The neutral sections map to our kinds like this; what our meta-model has no field for goes into
``metadata``, sets as ``{item: true}`` since metadata merges by key. Names that the source itself
leaves dangling are dropped.

- ``object_types``, ``interfaces``, ``link_types``, ``shared_properties``, ``value_types`` are ours.
  A link without cardinality is many to many; Biolink's slots say whether the target is one or many.
- ``enum_types`` become value types with an enum constraint. One that is a class as well (it extends
  another or has properties, as all of schema.org's do) is an object type too, which then holds its
  texts, so that each is there once.
- A mixin that is no interface is a parent, and a parent that is an interface is implemented. Who implements
  a mixin has its slots without saying so, so none is asked for; that a value is required is metadata.
- That a class is a subclass of itself, as one of schema.org's once was, says nothing and is dropped.
- A property with several types has the source's own choice among them, the others in ``metadata``;
  one of a single enumeration or value type has that as its value type; one whose range is a class
  is the string that identifies the object.
- Biolink's names become PascalCase (classes) and camelCase (slots) and stay as aliases;
  schema.org's are names already.
"""

import json
import lzma
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Document = dict[str, Any]

KIND_SECTIONS = {
    "object_type": ("object_types", "enum_types"),
    "interface": ("interfaces",),
    "link_type": ("link_types",),
    "shared_property": ("shared_properties",),
    "value_type": ("enum_types", "value_types"),
}
MAPPINGS = ("exact", "close", "broad", "narrow", "related")
PASCAL_CASE = {"object_type", "interface", "value_type"}


@dataclass(frozen=True)
class MergeCase:
    """A merge that really happened, as OMS documents: ``merge`` is what the maintainers committed."""

    id: str
    bases: tuple[Document, ...]
    ours: Document
    theirs: Document
    merge: Document
    git_conflict: bool
    crisscross: bool


def load_releases(folder: Path) -> dict[str, Document]:
    """The seven releases of schema.org, oldest first, as OMS documents."""
    return {release: to_oms(document) for release, document in load(folder / "schemaorg_releases.json.xz").items()}


def load_merges(folder: Path, names: Iterable[str] = ("schemaorg", "biolink")) -> Iterator[MergeCase]:
    """The 21 real merges of each of the sources."""
    for name in names:
        documents = load(folder / f"{name}_merges.json.xz")
        for case in json.loads((folder / f"{name}_merges.index.json").read_text()):
            yield MergeCase(
                id=case["id"],
                bases=tuple(to_oms(documents[base]) for base in case["bases"]),
                ours=to_oms(documents[case["ours"]]),
                theirs=to_oms(documents[case["theirs"]]),
                merge=to_oms(documents[case["merge"]]),
                git_conflict=case["git_conflict"],
                crisscross=case["crisscross"],
            )


def load(path: Path) -> dict[str, Document]:
    """The neutral documents of a pack by id, ``{section: {name: content}}`` each."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        pack = json.load(file)
    documents: dict[str, Document] = {}
    flat: dict[str, int] = {}
    for name, put, gone in pack["chain"]:
        left = set(gone)
        flat = {key: place for key, place in flat.items() if key not in left} | put
        document: Document = documents.setdefault(name, {})
        for key, place in flat.items():
            section, _, entry = key.partition("\t")
            if entry:
                document.setdefault(section, {})[entry] = pack["blobs"][place]
            else:
                document[section] = pack["blobs"][place]
    return documents


def to_oms(document: Document) -> Document:
    """The neutral ``document`` as an OMS document."""
    return _Reader(document).document()


def is_class(enum_type: Mapping[str, Any]) -> bool:
    return bool(enum_type.get("extends") or enum_type.get("properties"))


class _Reader:
    """One document being read. Every ``_of_kind`` method takes what it knows out of ``rest``."""

    def __init__(self, document: Document) -> None:
        self.neutral = document
        self.is_linkml = document["meta"]["source"].startswith("biolink")
        self.entries = {kind: self._entries(kind) for kind in KIND_SECTIONS}
        self.names = {
            kind: self._api_names(entries, pascal=kind in PASCAL_CASE) for kind, entries in self.entries.items()
        }

    def document(self) -> Document:
        readers = {
            "object_type": self._object_type,
            "interface": self._interface,
            "link_type": self._link_type,
            "shared_property": self._shared_property,
            "value_type": self._value_type,
        }
        resources: Document = {
            kind: {self.names[kind][name]: readers[kind](name, entry) for name, entry in sorted(entries.items())}
            for kind, entries in self.entries.items()
        }
        return {"format": "oms/1", "resources": {kind: contents for kind, contents in resources.items() if contents}}

    def _entries(self, kind: str) -> dict[str, Document]:
        entries: dict[str, Document] = {}
        for section in KIND_SECTIONS[kind]:
            for name, entry in self.neutral.get(section, {}).items():
                if kind != "object_type" or section != "enum_types" or is_class(entry):
                    entries.setdefault(name, entry)
        return entries

    # --- Names ---------------------------------------------------------------------------------

    def _api_names(self, names: Iterable[str], *, pascal: bool) -> dict[str, str]:
        """Valid names that differ from one another, the same for the same names."""
        given: dict[str, str] = {}
        taken: set[str] = set()
        for name in sorted(names):
            wanted = self._api_name(name, pascal=pascal)
            while wanted in taken:
                wanted += "_"
            given[name] = wanted
            taken.add(wanted)
        return given

    def _api_name(self, name: str, *, pascal: bool) -> str:
        words = re.findall(r"[A-Za-z0-9_]+", name)
        if not words:
            return "x" + name.encode().hex()
        if not self.is_linkml:
            return "_".join(words)
        if pascal:
            return "".join(map(_capitalised, words))
        first = words[0].lower() if words[0].isupper() else words[0][0].lower() + words[0][1:]
        return first + "".join(map(_capitalised, words[1:]))

    def _known(self, kind: str, names: Iterable[str]) -> list[str]:
        return sorted({self.names[kind][name] for name in names if name in self.names[kind]})

    # --- What resources and members have in common -----------------------------------------------

    def _common(self, name: str, api_name: str, rest: Document, replacements: Mapping[str, str]) -> Document:
        """The common fields; everything that is still in ``rest`` afterwards is metadata."""
        aliases = set(rest.pop("aliases", ())) | ({name} if name != api_name else set())
        content: Document = {
            "display_name": rest.pop("display_name", ""),
            "description": rest.pop("description", ""),
            "status": rest.pop("status", "EXPERIMENTAL").lower(),
            "groups": [*rest.pop("groups", ()), *rest.pop("in_subset", ())],
            "aliases": sorted(aliases),
            "mappings": {key: rest.pop(f"{key}_mappings") for key in MAPPINGS if f"{key}_mappings" in rest},
            "deprecation": _deprecation(rest, replacements),
        }
        return {**content, "metadata": _metadata(rest)}

    def _properties(self, neutral: Mapping[str, Document]) -> tuple[Document, list[str]]:
        """(the properties, the names of those that identify)."""
        names = self._api_names(neutral, pascal=False)
        keys = sorted(names[name] for name, entry in neutral.items() if entry.get("primary_key"))
        return {names[name]: self._property(name, names, entry) for name, entry in neutral.items()}, keys

    def _property(self, name: str, names: Mapping[str, str], entry: Document) -> Document:
        rest = dict(entry)
        rest.pop("primary_key", None)
        content = {"required": rest.pop("required", False), **self._typing(rest)}
        return {**content, **self._common(name, names[name], rest, names)}

    def _typing(self, rest: Document) -> Document:
        """Type and value type out of what the source says of a value."""
        base = {"type": rest.pop("base_type", "STRING").lower()}
        types, enums = rest.pop("types", ()), rest.pop("enum_types", ())
        if len(types) > 1 or (types and enums):
            rest["types"] = [kind.lower() for kind in types]
        value_types = self._known("value_type", [*enums, rest.get("range")])
        if len(enums) > 1 or (types and enums):
            rest["enum_types"], value_types = enums, []
        if rest.pop("multivalued", False):
            return {"type": {"type": "array", "items": base}} | ({"value_type": value_types[0]} if value_types else {})
        return {"value_type": value_types[0]} if value_types else {"type": base}

    # --- Resources -------------------------------------------------------------------------------

    def _resource(self, kind: str, name: str, rest: Document) -> Document:
        return self._common(name, self.names[kind][name], rest, self.names[kind])

    def _object_type(self, name: str, entry: Document) -> Document:
        rest = {key: value for key, value in entry.items() if key != "values"}
        parents = {*rest.pop("extends", ()), *rest.pop("implements", ())} - {name}
        properties, primary_key = self._properties(rest.pop("properties", {}))
        return {
            "abstract": rest.pop("abstract", False),
            "id_prefixes": rest.pop("id_prefixes", []),
            "extends": self._known("object_type", parents),
            "implements": self._known("interface", parents),
            "primary_key": primary_key,
            "properties": properties,
            **self._resource("object_type", name, rest),
        }

    def _interface(self, name: str, entry: Document) -> Document:
        rest = dict(entry)
        parents = [*rest.pop("extends", ()), *rest.pop("implements", ())]
        properties, _ = self._properties(rest.pop("properties", {}))
        for member in properties.values():
            if member.pop("required"):
                member["metadata"]["required"] = True
        rest["class_parents"] = self._known("object_type", parents)
        return {
            "extends": self._known("interface", parents),
            "properties": properties,
            **self._resource("interface", name, rest),
        }

    def _link_type(self, name: str, entry: Document) -> Document:
        rest = dict(entry)
        parents = [*rest.pop("extends", ()), *rest.pop("implements", ())]
        rest["property_parents"] = self._known("shared_property", parents)
        inverse = self._known("link_type", [rest.pop("inverse_of", None)])
        content: Document = {
            "source": {"types": self._ends(rest.pop("sources", ()))},
            "target": {"types": self._ends(rest.pop("targets", ()))},
            "extends": self._known("link_type", parents),
            "cardinality": "many_to_one" if rest.pop("cardinality", "MANY") == "ONE" else "many_to_many",
            "required": rest.pop("required", False),
            "symmetric": rest.pop("symmetric", False),
        }
        if inverse:
            content["inverse_of"] = inverse[0]
        return {**content, **self._resource("link_type", name, rest)}

    def _ends(self, names: Iterable[str]) -> list[str]:
        return sorted({*self._known("object_type", names), *self._known("interface", names)})

    def _shared_property(self, name: str, entry: Document) -> Document:
        rest = dict(entry)
        parents = [*rest.pop("extends", ()), *rest.pop("implements", ())]
        rest["parents"] = [*self._known("shared_property", parents), *self._known("link_type", parents)]
        typing = self._typing(rest)
        rest = {key: value for key, value in rest.items() if value is not False}
        return {**typing, **self._resource("shared_property", name, rest)}

    def _value_type(self, name: str, entry: Document) -> Document:
        rest = dict(entry)
        values = rest.pop("values", None)
        content: Document = {"type": rest.pop("base_type", "STRING").lower()}
        if values is not None:
            content["constraints"] = {"enum": {value: self._enum_value(value, values) for value in values}}
        if is_class(entry):
            return {**content, "status": entry["status"].lower()}
        return {**content, **self._resource("value_type", name, rest)}

    def _enum_value(self, value: str, values: Mapping[str, Document]) -> Document:
        return self._common(value, value, dict(values[value]), {name: name for name in values})


def _capitalised(word: str) -> str:
    return word[0].upper() + word[1:]


def _deprecation(rest: Document, replacements: Mapping[str, str]) -> Document:
    deprecation = {}
    if "deprecation_reason" in rest:
        deprecation["reason"] = rest.pop("deprecation_reason")
    if len(rest.get("replaced_by", ())) == 1 and rest["replaced_by"][0] in replacements:
        deprecation["replacement"] = replacements[rest.pop("replaced_by")[0]]
    return deprecation


def _metadata(rest: Document) -> Document:
    """What is left over; sets by their items, so that two sides can add to one."""
    return {
        key: dict.fromkeys(value, True) if isinstance(value, list) else value
        for key, value in rest.items()
        if value not in ([], {}, None)
    }
