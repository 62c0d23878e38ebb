"""What people read where contents have kinds, fields and choices."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from ontology.engine.texts import text_in

KINDS: Mapping[str, tuple[Promise, Promise]] = {
    "object_type": (_("Object type"), _("Object types")),
    "link_type": (_("Link type"), _("Link types")),
    "interface": (_("Interface"), _("Interfaces")),
    "shared_property": (_("Shared property"), _("Shared properties")),
    "value_type": (_("Value type"), _("Value types")),
    "struct_type": (_("Struct type"), _("Struct types")),
    "action_type": (_("Action type"), _("Action types")),
}
"""(one, several) of each kind."""

KIND_DESCRIPTIONS: Mapping[str, Promise] = {
    "object_type": _("A sort of thing in your world, with its properties: a person, an order, a machine."),
    "link_type": _("How things of two types belong together: a person works for a company."),
    "interface": _("What several object types have in common, so that they can be treated alike."),
    "shared_property": _("A property that is defined once and used by many types."),
    "value_type": _("A type with rules of its own: an e-mail address, a color out of a list."),
    "struct_type": _("Fields that belong together and make up one value: a postal address."),
    "action_type": _("Something that people do to the data, with its parameters and rules."),
}

FIELDS: Mapping[str, Promise] = {
    "abstract": _("Abstract"),
    "affected_types": _("Affected types"),
    "aliases": _("Aliases"),
    "api_name": _("API name"),
    "broad": _("Broad"),
    "cardinality": _("Cardinality"),
    "cascade_delete": _("Cascade delete"),
    "close": _("Close"),
    "color": _("Color"),
    "constraints": _("Constraints"),
    "criteria": _("Criteria"),
    "datasource": _("Data source"),
    "deadline": _("Deadline"),
    "default": _("Default"),
    "deprecation": _("Deprecation"),
    "derived": _("Derived"),
    "description": _("Description"),
    "dimension": _("Dimension"),
    "display_name": _("Display name"),
    "edits_enabled": _("Edits enabled"),
    "enum": _("Enum values"),
    "exact": _("Exact"),
    "exclusive_max": _("Exclusive maximum"),
    "exclusive_min": _("Exclusive minimum"),
    "extends": _("Extends"),
    "fields": _("Fields"),
    "foreign_key": _("Foreign key"),
    "format": _("Format"),
    "groups": _("Groups"),
    "icon": _("Icon"),
    "id_prefixes": _("ID prefixes"),
    "implements": _("Implements"),
    "indexed": _("Indexed"),
    "inverse_of": _("Inverse of"),
    "items": _("Items"),
    "join": _("Join"),
    "keys": _("Keys"),
    "link_type": _("Link type"),
    "links": _("Links"),
    "mappings": _("Mappings"),
    "marking": _("Marking"),
    "max": _("Maximum"),
    "max_items": _("Maximum items"),
    "max_length": _("Maximum length"),
    "metadata": _("Metadata"),
    "min": _("Minimum"),
    "min_items": _("Minimum items"),
    "min_length": _("Minimum length"),
    "narrow": _("Narrow"),
    "object": _("Object"),
    "object_type": _("Object type"),
    "parameters": _("Parameters"),
    "pattern": _("Pattern"),
    "permission": _("Permission"),
    "plural_name": _("Plural name"),
    "precision": _("Precision"),
    "primary_key": _("Primary key"),
    "properties": _("Properties"),
    "reason": _("Reason"),
    "related": _("Related"),
    "replacement": _("Replacement"),
    "required": _("Required"),
    "rid": _("Identity"),
    "rule": _("Rule"),
    "rules": _("Rules"),
    "scale": _("Scale"),
    "searchable": _("Searchable"),
    "set": _("Set values"),
    "shared_property": _("Shared property"),
    "side_effects": _("Side effects"),
    "source": _("Source"),
    "status": _("Status"),
    "struct_type": _("Struct type"),
    "symmetric": _("Symmetric"),
    "target": _("Target"),
    "title_property": _("Title property"),
    "transitive": _("Transitive"),
    "type": _("Type"),
    "types": _("Types"),
    "unique": _("Unique"),
    "unique_items": _("Unique items"),
    "value_type": _("Value type"),
    "values": _("Values"),
    "visibility": _("Visibility"),
}

CHOICES: Mapping[str, Promise] = {
    "active": _("active"),
    "add_link": _("add link"),
    "create_object": _("create object"),
    "delete_object": _("delete object"),
    "deprecated": _("deprecated"),
    "example": _("example"),
    "experimental": _("experimental"),
    "hidden": _("hidden"),
    "many": _("many"),
    "many_to_many": _("many to many"),
    "many_to_one": _("many to one"),
    "modify_object": _("modify object"),
    "normal": _("normal"),
    "one": _("one"),
    "one_to_many": _("one to many"),
    "one_to_one": _("one to one"),
    "prominent": _("prominent"),
    "remove_link": _("remove link"),
}

CHANGES: Mapping[str, Promise] = {
    "added": _("added"),
    "removed": _("removed"),
    "modified": _("modified"),
    "renamed": _("renamed"),
}

SEVERITIES: Mapping[str, Promise] = {
    "critical": _("critical"),
    "high": _("high"),
    "medium": _("medium"),
    "low": _("low"),
}
"""How grave a finding is, the gravest first."""

AUDIENCES: Mapping[str, Promise] = {
    "readers": _("readers"),
    "writers": _("writers"),
    "data": _("stored data"),
}
"""Whom a finding breaks."""

_LANGUAGES: Mapping[str, Promise] = {"en": _("English"), "ko": _("Korean")}


def kind_label(kind: str) -> str:
    return str(KINDS[kind][0]) if kind in KINDS else kind


def kind_label_plural(kind: str) -> str:
    return str(KINDS[kind][1]) if kind in KINDS else kind


def kind_description(kind: str) -> str:
    return str(KIND_DESCRIPTIONS.get(kind, ""))


def field_label(field: str) -> str:
    return str(FIELDS.get(field, field))


def choice_label(choice: str) -> str:
    return str(CHOICES.get(choice, choice))


def change_label(change: str) -> str:
    return str(CHANGES.get(change, change))


def severity_label(severity: str) -> str:
    return str(SEVERITIES.get(severity, severity))


def audience_label(audience: str) -> str:
    return str(AUDIENCES.get(audience, audience))


def language_label(tag: str) -> str:
    return str(_LANGUAGES.get(tag, tag))


def localised(value: Any) -> str:
    """A localised text in the reader's language, else in English, else in any."""
    return text_in((get_language() or "en").split("-")[0], value)


def yes_or_no(value: bool) -> str:  # noqa: FBT001  the value itself is what is asked about
    return gettext("yes") if value else gettext("no")
