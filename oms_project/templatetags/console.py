"""The console's vocabulary in templates."""

from datetime import datetime
from typing import Any

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _

from accounts.engine import devices
from gateway.http.translation import translated
from history.views import base
from ontology.views import labels

register = template.Library()

SHORT_DIGEST = 8
AVATAR_COLORS = 8

register.filter("kind_label", labels.kind_label)
register.filter("kind_label_plural", labels.kind_label_plural)
register.filter("field_label", labels.field_label)
register.filter("choice_label", labels.choice_label)
register.filter("change_label", labels.change_label)
register.filter("severity_label", labels.severity_label)
register.filter("audience_label", labels.audience_label)
register.filter("kind_description", labels.kind_description)
register.filter("localised", labels.localised)
register.filter("translated", translated)
register.simple_tag(base.address, name="address")


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture from the sheet of icons, in the colour of the text around it."""
    sheet = staticfiles_storage.url("console/icons.svg")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sheet, name)


@register.simple_tag
def ago(time: datetime) -> SafeString:
    """How long ago ``time`` was, with the moment itself as the title."""
    exact = time.isoformat(timespec="seconds")
    passed = timesince(time, depth=1) if (now() - time).total_seconds() >= 60 else ""
    words = _("{time} ago").format(time=passed) if passed else _("just now")
    return format_html('<time datetime="{}" title="{}">{}</time>', exact, exact.replace("T", " "), words)


@register.simple_tag
def until(time: datetime) -> SafeString:
    """The moment ``time``, to come."""
    exact = time.isoformat(timespec="seconds")
    return format_html('<time datetime="{}">{}</time>', exact, date_format(localtime(time), "Y-m-d H:i T"))


@register.filter
def open_to(branch: Any, user: Any) -> bool:
    """Whether ``user`` may write to ``branch`` as it is; no where the page is about none."""
    return branch is not None and branch.is_open_to(user)


@register.filter
def short(digest: str) -> str:
    """The first digits of a commit's id, enough to name it."""
    return digest[:SHORT_DIGEST]


@register.filter
def person(user: Any) -> str:
    """What somebody is called."""
    return user.get_full_name() if user else _("the system")


@register.filter
def subject(commit: Any) -> str:
    """The first line of a commit's message."""
    return str(commit.message).strip().splitlines()[0]


@register.filter
def device_name(user_agent: str) -> str:
    """What a device is called, by its User-Agent."""
    return translated(devices.device_name(user_agent))


@register.filter
def avatar(user: Any) -> SafeString:
    """A disc with somebody's initial, in a colour of their own."""
    color = user.pk.int % AVATAR_COLORS if user else 0
    initial = person(user)[:1].upper()
    return format_html('<span class="avatar avatar-{}" aria-hidden="true">{}</span>', color, initial)


@register.filter
def who(user: Any) -> SafeString:
    """Somebody's disc and name."""
    return format_html('<span class="who">{}{}</span>', avatar(user), person(user))
