"""What the editor in the browser says."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXTS: Mapping[str, Promise] = {
    "add": _("Add"),
    "add_field": _("Add a field"),
    "add_item": _("Add an item"),
    "add_member": _("Add {field}"),
    "all_languages": _("One text for all languages"),
    "by_language": _("By language"),
    "checking": _("Checking …"),
    "draft": _("What you had typed here on {time} is restored."),
    "discard": _("Discard it"),
    "empty_name": _("The name must not be empty."),
    "faults": _("{count} to put right"),
    "fields_of": _("Fields of {name}"),
    "form": _("Form"),
    "json": _("JSON"),
    "language": _("Language"),
    "move_down": _("Move down"),
    "move_up": _("Move up"),
    "name": _("Name"),
    "name_taken": _("There is one of this name already."),
    "no": _("no"),
    "not_json": _("This is not JSON: {message}"),
    "nothing_said": _("not set"),
    "offline": _("It could not be checked; what you type is kept in this browser."),
    "remove": _("Remove {name}"),
    "signed_out": _("You are signed out; what you typed is kept in this browser. Sign in again and come back."),
    "sound": _("Nothing is wrong"),
    "type": _("Type"),
    "warnings": _("Nothing stands in the way; {count} to think about"),
    "yes": _("yes"),
}
"""Texts by the keys by which ``static/console/editor`` asks for them."""
