"""What all resources and members say of themselves, in the words of LinkML."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from ontology.engine.types import Type
from ontology.formats.linkml import vocabulary as words
from ontology.formats.linkml.elements import MAPPINGS, STATUSES, is_plain_tag
from ontology.formats.linkml.patches import TAG

Content = Mapping[str, Any]

_NOTHING: Final[Content] = {}
_SCALAR = (str, bool, int, float)


def common_of(
    content: Content, forms: Mapping[str, words.Form], original: str | None = None, withheld: Collection[str] = ()
) -> dict[str, Any]:
    """The metaslots that any element has. What they cannot say is left out.

    ``original`` is the alias under which the element goes; members of the metadata in ``withheld`` are no
    metaslots here.
    """
    body = _metadata(content.get("metadata", _NOTHING), forms, withheld)
    if text := text_of(content.get("display_name")):
        body["title"] = text
    if text := text_of(content.get("description")):
        body["description"] = text
    if aliases := [alias for alias in content.get("aliases", ()) if alias != original]:
        body["aliases"] = aliases
    if content.get("groups"):
        body["in_subset"] = list(content["groups"])
    if content.get("status") in STATUSES:
        body["status"] = content["status"]
    if content.get("status") == "deprecated":
        body["deprecated"] = text_of(content.get("deprecation", _NOTHING).get("reason")) or "true"
    identities = {body[key] for key in words.IDENTITIES & body.keys()}
    for relation in MAPPINGS:
        uris = [uri for uri in content.get("mappings", _NOTHING).get(relation, ()) if words.fits(words.URI, uri)]
        if relation == "exact":
            uris = [uri for uri in uris if uri not in identities]
        if uris:
            body[f"{relation}_mappings"] = uris
    return body


def text_of(text: Any) -> str:
    """A text, of several languages the English one or else the first."""
    if isinstance(text, dict):
        return str(text.get("en") or text[min(text)])
    return text or ""


def _metadata(metadata: Content, forms: Mapping[str, words.Form], withheld: Collection[str]) -> dict[str, Any]:
    """Members of the metadata as what they are in LinkML: metaslots, else annotations."""
    body: dict[str, Any] = {}
    annotations: dict[str, Any] = {}
    for key, value in metadata.items():
        if key == "annotations" and isinstance(value, dict):
            annotations |= {
                tag: _annotation(part)
                for tag, part in value.items()
                if words.TAG.fullmatch(tag) and tag != TAG and not is_plain_tag(tag, forms) and _is_annotation(part)
            }
        elif key in forms:
            if key not in withheld and words.fits(forms[key], value) and not (key == "status" and value in STATUSES):
                body[key] = value
        elif is_plain_tag(key, forms) and _is_annotation(value):
            annotations[key] = _annotation(value)
    return body | ({"annotations": annotations} if annotations else {})


def _is_annotation(value: Any) -> bool:
    return isinstance(value, (*_SCALAR, list, dict))


def _annotation(value: Any) -> Any:
    return value if isinstance(value, _SCALAR) else {"value": value}


# --- Values -----------------------------------------------------------------------------------------

_WHOLE: Final = frozenset({"byte", "short", "long"})
_ANYTHING: Final = frozenset({"json", "map"})
_CALLS: Final[Mapping[str, str]] = {"string": "string", "date": "date", "timestamp": "datetime", "time": "time"}


def builtin_of(of: Type, constraints: Content) -> str:
    """The builtin type that comes nearest to a type; Any where there is none."""
    if of["type"] == "string" and constraints.get("format") in words.TYPES.keys() - words.PRIMITIVES.keys():
        return str(constraints["format"])
    same = (name for name, known in words.PRIMITIVES.items() if known == of)
    kind = of["type"]
    near = "integer" if kind in _WHOLE else "Any" if kind in _ANYTHING else "decimal" if kind == "decimal" else "string"
    return next(same, near)


def constraints_of(constraints: Content, *, many: bool) -> dict[str, Any]:
    """The constraints that LinkML has a metaslot for."""
    names = {"pattern": "pattern", "min": "minimum_value", "max": "maximum_value"}
    if many:
        names |= {"min_items": "minimum_cardinality", "max_items": "maximum_cardinality"}
        names |= {"unique_items": "list_elements_unique"}
    found = {metaslot: constraints[field] for field, metaslot in names.items() if field in constraints}
    limits = [each for each in ("minimum_value", "maximum_value") if isinstance(found.get(each), str)]
    return {metaslot: value for metaslot, value in found.items() if metaslot not in limits}


def default_of(of: Type, value: Any) -> str | None:
    """A default as ``ifabsent`` has it; None where that cannot say it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and of["type"] in _CALLS:
        return f"{_CALLS[of['type']]}({value})"
    if isinstance(value, int):
        return f"int({value})"
    return f"float({value})" if isinstance(value, float) else None
