"""What every element of LinkML may say of itself, as OMS has it."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from gateway.engine.sentences import sentence
from ontology.formats.linkml import vocabulary as words
from ontology.formats.linkml.patches import TAG
from ontology.formats.linkml.schema import Body, Schema, annotations, texts

MAPPINGS: Final = ("exact", "close", "broad", "narrow", "related")
STATUSES: Final = frozenset({"experimental", "active", "example"})
"""What LinkML's ``status`` may say that is a status of OMS."""

_YES: Final = frozenset({"true", "yes", "on", "y"})
_NO: Final = frozenset({"false", "no", "off", "n"})
_TEXTUAL: Final = frozenset({words.TEXT, words.URI, words.MOMENT, words.PREFIX})

_COMMON: Final = frozenset(
    {
        "aliases",
        "deprecated",
        "deprecated_element_has_exact_replacement",
        "description",
        "in_subset",
        "name",
        "title",
        *(f"{each}_mappings" for each in MAPPINGS),
    }
)


def common(
    schema: Schema,
    body: Body,
    place: str,
    forms: Mapping[str, words.Form],
    told_elsewhere: Collection[str] = (),
) -> dict[str, Any]:
    """The fields that all resources and members have; what is none of them stands in ``metadata``.

    ``forms`` are the metaslots of this sort of element. Those in ``told_elsewhere`` are the caller's.
    """
    content: dict[str, Any] = {}
    for metaslot, field in (("title", "display_name"), ("description", "description")):
        if metaslot in body:
            content[field] = str(body[metaslot])
    for metaslot, field in (("aliases", "aliases"), ("in_subset", "groups")):
        if texts(body.get(metaslot)):
            content[field] = texts(body[metaslot])
    metadata = _metadata(schema, body, place, forms, told_elsewhere)
    if metadata.get("status") in STATUSES:
        content["status"] = metadata.pop("status")
    if _is_said(body.get("deprecated")):
        content["status"] = "deprecated"
        content["deprecation"] = _reason(body["deprecated"])
    mappings = _mappings(schema, body, metadata)
    return content | {key: value for key, value in (("mappings", mappings), ("metadata", metadata)) if value}


def flag(value: Any) -> bool | None:
    """A boolean, written as YAML 1.1 or 1.2 has it; None where it is neither."""
    if isinstance(value, bool):
        return value
    word = value.lower() if isinstance(value, str) else ""
    return True if word in _YES else False if word in _NO else None


def _is_said(deprecated: Any) -> bool:
    return deprecated is not None and flag(deprecated) is not False


def _reason(deprecated: Any) -> dict[str, str]:
    """Why; a bare yes gives no reason."""
    return {} if flag(deprecated) else {"reason": str(deprecated)}


def _mappings(schema: Schema, body: Body, metadata: Mapping[str, Any]) -> dict[str, list[str]]:
    found = {
        relation: [schema.expanded(uri) for uri in texts(body.get(f"{relation}_mappings"))] for relation in MAPPINGS
    }
    found["exact"] += [metadata[key] for key in sorted(words.IDENTITIES & metadata.keys())]
    return {relation: sorted(set(uris)) for relation, uris in found.items() if uris}


# --- Everything else --------------------------------------------------------------------------------


def _metadata(
    schema: Schema, body: Body, place: str, forms: Mapping[str, words.Form], told_elsewhere: Collection[str]
) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    for key, value in body.items():
        if key in _COMMON or key in told_elsewhere or key == "annotations":
            continue
        if key in words.DERIVED:
            message = sentence("{key} follows from the rest and is not kept.", key=key)
            schema.tell(f"{place}/{key}", "DERIVED", message)
        elif key not in forms:
            message = sentence("LinkML has no {key} here; it was left out.", key=repr(key))
            schema.tell(f"{place}/{key}", "METASLOT_UNKNOWN", message)
        else:
            metadata[key] = tidied(schema, forms[key], value)
            if key in words.UNENFORCED:
                message = sentence("{key} is kept in the metadata; no value is held to it.", key=key)
                schema.tell(f"{place}/{key}", "NOT_ENFORCED", message)
    return metadata | _annotated(schema, body, place, forms)


def tidied(schema: Schema, form: words.Form, value: Any) -> Any:
    """``value`` as its form has it, where it is written in a shorter way; CURIEs are written out."""
    if isinstance(form, list):
        items = value if isinstance(value, list) else [value]
        return [tidied(schema, form[0], item) for item in items]
    if isinstance(form, str) and form in _TEXTUAL and isinstance(value, bool | int | float):
        value = str(value).lower() if isinstance(value, bool) else str(value)
    if form == words.URI and isinstance(value, str):
        return schema.expanded(value)
    if form == words.FLAG:
        return value if flag(value) is None else flag(value)
    return value


def _annotated(schema: Schema, body: Body, place: str, forms: Mapping[str, words.Form]) -> dict[str, Any]:
    """Annotations by their tags; those that would be taken for something else together."""
    found: dict[str, Any] = {}
    apart: dict[str, Any] = {}
    for tag, value in annotations(body).items():
        if tag == TAG and isinstance(value, dict):
            continue
        target = found if is_plain_tag(tag, forms) and not _is_nested(body, tag) else apart
        target[tag] = value
    return found | ({"annotations": apart} if apart else {})


def _is_nested(body: Body, tag: str) -> bool:
    """Whether an annotation has more to it than a value."""
    given = body["annotations"]
    return isinstance(given, dict) and isinstance(given[tag], dict) and bool(given[tag].keys() - {"tag", "value"})


def is_plain_tag(tag: str, forms: Mapping[str, words.Form]) -> bool:
    """Whether a member of ``metadata`` of this name can be nothing but an annotation."""
    is_word = tag in forms or tag in _COMMON or tag in (TAG, words.DOMAIN_OF)
    return words.TAG.fullmatch(tag) is not None and not is_word
