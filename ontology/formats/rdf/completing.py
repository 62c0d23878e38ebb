"""What OWL, SHACL and SKOS did not say, said in OMS's words: a document is read back and compared with its contents.

So whatever the contents are, what is read of the document is what was written.
"""

import copy
from collections.abc import Iterable, Mapping
from typing import Any, Final

from history.engine.content import Content, Key
from ontology.engine.identity import give_identities
from ontology.engine.kinds import KINDS
from ontology.engine.normalisation import normal_form
from ontology.engine.shapes import Record
from ontology.formats.rdf.draft import Draft
from ontology.formats.rdf.overrides import ENUM_VALUE, MEMBER_FIELDS, MEMBERS, members_of, override
from ontology.formats.rdf.reading import ontology_read
from ontology.formats.rdf.statements import Statements, Subject
from ontology.formats.rdf.vocabulary import OMS
from ontology.formats.rdf.writing import Written

_NOTHING: Final[Content] = {}


def completed(written: Written, contents: Mapping[Key, Content]) -> Draft:
    """The draft with a word of OMS for every field that would be read as something else."""
    read = ontology_read(Statements(written.draft.graph)).contents
    for key, content in sorted(contents.items()):
        _complete(written, key, content, _normal(key, read.get(key, _NOTHING)))
    return written.draft


def _normal(key: Key, draft: Any) -> Content:
    """As much of what was read as there is a normal form of."""
    normal, _ = normal_form(*key, copy.deepcopy(draft))
    return normal


def _complete(written: Written, key: Key, content: Content, read: Content) -> None:
    kind, _ = key
    subject = written.resources[key]
    derived = _identified(key, read)["rid"]
    read = {**read, "rid": content.get("rid", derived)}
    member_rids = {name: member["rid"] for name, member in members_of(kind, _identified(key, read)).items()}
    for name, member in members_of(kind, read).items():
        member["rid"] = members_of(kind, content).get(name, _NOTHING).get("rid", member_rids[name])
    read = {**_identified(key, read), "rid": derived}
    for name, member in members_of(kind, content).items():
        known = {**members_of(kind, read).get(name, _NOTHING), "rid": member_rids.get(name)}
        _say(written.draft, written.members[key, name], MEMBERS[kind], _differences(MEMBERS[kind], member, known))
    differences = _differences(KINDS[kind], content, read)
    differences.pop(MEMBER_FIELDS.get(kind, ""), None)
    if kind == "value_type":
        _complete_enum(written, key, content, read, differences)
    _say(written.draft, subject, KINDS[kind], differences)


def _complete_enum(written: Written, key: Key, content: Content, read: Content, differences: dict[str, Any]) -> None:
    """Say of each value that is a concept what differs in it; of the constraints only what differs beside."""
    entries, known = _enum(content), _enum(read)
    concepts = {value: written.values[key, value] for value in entries if (key, value) in written.values}
    if _beside(content, concepts) == _beside(read, concepts) and concepts.keys() <= known.keys():
        differences.pop("constraints", None)
        for value, concept in concepts.items():
            _say(written.draft, concept, ENUM_VALUE, _differences(ENUM_VALUE, entries[value], known[value]))


def _beside(content: Content, values: Iterable[str]) -> Any:
    """The constraints without the entries of ``values``."""
    constraints = dict(content.get("constraints", _NOTHING))
    if "enum" in constraints:
        constraints["enum"] = {value: entry for value, entry in _enum(content).items() if value not in values}
    return constraints


def _enum(content: Content) -> Mapping[str, Content]:
    found: Mapping[str, Content] = content.get("constraints", _NOTHING).get("enum", _NOTHING)
    return found


def _identified(key: Key, content: Content) -> Content:
    """A copy with the identities that it does not say."""
    found = copy.deepcopy(dict(content))
    give_identities(*key, found, None, lambda _rid: False)
    return found


def _differences(record: Record, wanted: Content, read: Content) -> dict[str, Any]:
    """The fields that are read as something else than ``wanted``, with what they are to be."""
    return {field: wanted.get(field) for field in record.fields if wanted.get(field) != read.get(field)}


def _say(draft: Draft, node: Subject, record: Record, differences: Mapping[str, Any]) -> None:
    for field, value in sorted(differences.items()):
        for word, literal in override(record, field, value):
            draft.add(node, OMS[word], literal)
