"""One resource at a ref: what it says, where it was changed, and its end."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from history.engine.content import Content, Key
from history.exceptions import NotAllowed, RefNotFound, ResourceNotFound
from history.models import Branch, Commit
from history.selectors import TreeView, content_model, resource_log_page
from history.views.base import RepositoryView, address
from ontology.engine.kinds import KINDS
from ontology.engine.members import HOLDERS
from ontology.engine.shapes import MapOf, Record, Shape, member_maps
from ontology.selectors import effective_type
from ontology.views.labels import field_label, localised
from ontology.views.presentation import Link, Shown, Word, json_text, path_words, shown

IN_HEADER: Final = ("display_name", "description", "status")
IN_COLUMNS: Final = (*IN_HEADER, "type", "value_type", "shared_property", "target", "required")
HISTORY: Final = 20
REFERRERS: Final = 100


@dataclass(frozen=True)
class Fact:
    path: tuple[Word, ...]
    value: Shown


@dataclass(frozen=True)
class Member:
    """A row of a table of members."""

    name: str
    types: list[Shown]
    required: bool
    names: list[str]
    description: str
    status: str
    facts: Shown


@dataclass(frozen=True)
class Inherited:
    """A property that comes from ``origin``."""

    member: Member
    origin: Key


@dataclass(frozen=True)
class MemberTable:
    label: str
    members: list[Member]
    has_types: bool


class ResourceView(RepositoryView):
    """The resource that the path names, at the ref."""

    tab = "ontology"

    @property
    def key(self) -> Key:
        return self.kwargs["kind"], self.kwargs["api_name"]

    @cached_property
    def tree(self) -> TreeView:
        return TreeView(self.commit.root)

    @cached_property
    def content(self) -> Content:
        content = self.tree.contents([self.key]).get(self.key)
        if content is None:
            name = self.kwargs["api_name"]
            raise ResourceNotFound(_("There is no {name} at {ref}.").format(name=name, ref=self.ref))
        return content

    @cached_property
    def working_branch(self) -> Branch:
        """The branch to commit to; raises where the ref is none or the visitor may not."""
        if not self.request.user.has_perm("history.commit", self.repository):
            raise NotAllowed(_("You may not commit to this repository."))
        if self.branch is None:
            raise RefNotFound(_("{ref} is not a branch; choose one to commit to.").format(ref=self.ref))
        return self.branch

    def resource_page(self, template: str, **context: Any) -> HttpResponse:
        kind, name = self.key
        return self.page(
            template,
            kind=kind,
            name=name,
            content=self.content,
            display_names=texts_of(self.content.get("display_name")),
            status_name=self.content.get("status", "experimental"),
            **self.switcher(),
            **context,
        )


class ResourcePageView(ResourceView):
    """What the resource says; ``?view=history`` its commits, ``?view=json`` its JSON."""

    def get(self, request: HttpRequest, repository: str, kind: str, api_name: str) -> HttpResponse:
        match request.GET.get("view"):
            case "history":
                return self._history()
            case "json":
                return self.resource_page("ontology/resource_json.html", view="json", body=json_text(self.content))
        return self._overview()

    def _overview(self) -> HttpResponse:
        link = self._links()
        referrers = sorted(self.tree.referrers([self.key]).get(self.key, ()))
        return self.resource_page(
            "ontology/resource.html",
            view="overview",
            description=texts_of(self.content.get("description")),
            facts=list(facts_of(self.key[0], self.content, link)),
            tables=list(tables_of(KINDS[self.key[0]], self.content, link)),
            inherited=self._inherited(),
            referrers=referrers[:REFERRERS],
            referrer_count=len(referrers),
        )

    def _inherited(self) -> list[Inherited]:
        """The properties that the type has from others, with addresses of what they name."""
        if self.key[0] not in HOLDERS:
            return []
        properties = effective_type(self.commit, self.key).properties
        found = {name: properties[name] for name in sorted(properties) if properties[name].via != "own"}
        contents = {name: each.property for name, each in found.items()}
        named = content_model().references(*self.key, {"properties": contents})
        link = linker(self.repository.name, self.ref, self.tree.digests(named).keys())
        record = dict(member_maps(KINDS[self.key[0]]))["properties",]
        return [Inherited(_member(record, name, each.property, link), each.origin) for name, each in found.items()]

    def _history(self) -> HttpResponse:
        given = list(filter(None, self.request.GET.get("from", "").split(",")))
        here = Commit.objects.filter(repository=self.repository, digest__in=given)
        start = sorted(here.values_list("digest", flat=True)) or [self.commit.digest]
        commits, behind = resource_log_page(start, self.key, HISTORY)
        return self.resource_page(
            "ontology/resource_history.html", view="history", commits=commits, behind=",".join(behind)
        )

    def _links(self) -> Link:
        """Addresses of the resources that this one names and that are there."""
        there = self.tree.digests(content_model().references(*self.key, self.content)).keys()
        return linker(self.repository.name, self.ref, there)


def linker(repository: str, ref: str, there: Collection[Key]) -> Link:
    def link(kinds: Sequence[str], name: str) -> str:
        kind = next((kind for kind in kinds if (kind, name) in there), None)
        return address("resource", repository, kind, name, ref=ref) if kind else ""

    return link


def texts_of(value: Any) -> list[tuple[str, str]]:
    """(language, text) of a localised text; a bare text has no language."""
    if isinstance(value, Mapping):
        return sorted(value.items())
    return [("", value)] if value else []


def facts_of(kind: str, content: Content, link: Link) -> Iterator[Fact]:
    """The fields that are not shown as tables, with those of records within."""
    yield from _facts(kind, KINDS[kind], content, (), link)


def _facts(kind: str, record: Record, holder: Mapping[str, Any], path: tuple[str, ...], link: Link) -> Iterator[Fact]:
    for name, shape in record.fields.items():
        here = (*path, name)
        if name not in holder or (not path and name in IN_HEADER) or _is_table(shape):
            continue
        if isinstance(shape, Record):
            yield from _facts(kind, shape, holder[name], here, link)
        else:
            yield Fact(path_words(kind, here), shown(shape, holder[name], link))


def _is_table(shape: Shape) -> bool:
    return isinstance(shape, MapOf) and isinstance(shape.value, Record)


def tables_of(record: Record, content: Mapping[str, Any], link: Link) -> Iterator[MemberTable]:
    """The maps of members in ``content``, those of records within included."""
    for name, shape in record.fields.items():
        held = content.get(name)
        if not held:
            continue
        if isinstance(shape, MapOf) and isinstance(shape.value, Record):
            members = [_member(shape.value, key, held[key], link) for key in held]
            yield MemberTable(field_label(name), members, any(member.types for member in members))
        elif isinstance(shape, Record):
            yield from tables_of(shape, held, link)


def _member(record: Record, name: str, content: Mapping[str, Any], link: Link) -> Member:
    typed = ("type", "value_type", "shared_property", "target")
    others = {field: value for field, value in content.items() if field not in IN_COLUMNS}
    return Member(
        name=name,
        types=[shown(record.fields[field], content[field], link) for field in typed if field in content],
        required=content.get("required", False),
        names=[text for _, text in texts_of(content.get("display_name"))],
        description=localised(content.get("description")),
        status=content.get("status", ""),
        facts=shown(record, others, link),
    )
