"""A repository's own page: what its ontology holds at a ref."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from history.engine.content import Content, Key
from history.engine.tree import Entry
from history.selectors import TreeView, content_model, log_page
from history.selectors.rows import contents_of
from history.views.base import RepositoryView
from ontology.formats import FORMATS, WRITABLE
from ontology.views.labels import choice_label, kind_label_plural, localised
from ontology.views.presentation import type_text

PAGE: Final = 50
LATEST: Final = 6


@dataclass(frozen=True)
class KindTab:
    kind: str
    label: str
    count: int


@dataclass(frozen=True)
class Row:
    """A resource in the list."""

    kind: str
    name: str
    display_name: str
    description: str
    status: str
    summary: str


class ResourceList(Sequence[Entry]):
    """The resources of a tree, as a paginator asks for them."""

    def __init__(self, tree: TreeView, kind: str, search: str) -> None:
        self._tree, self._kind, self._search = tree, kind, search

    def __len__(self) -> int:
        return self._tree.page(kind=self._kind, search=self._search, limit=0)[0]

    def __getitem__(self, wanted: Any) -> Any:
        limit = wanted.stop - wanted.start
        return self._tree.page(kind=self._kind, search=self._search, offset=wanted.start, limit=limit)[1]


class RepositoryPageView(RepositoryView):
    """The resources at a ref, by kind, and the latest commits."""

    tab = "ontology"

    def get(self, request: HttpRequest, repository: str) -> HttpResponse:
        tree = TreeView(self.commit.root)
        search = request.GET.get("search", "").strip()
        kinds = [
            KindTab(kind, kind_label_plural(kind), tree.page(kind=kind, search=search, limit=0)[0])
            for kind in content_model().kinds
        ]
        wanted = request.GET.get("kind", "")
        kind = wanted if wanted in content_model().kinds else ""
        page = Paginator(ResourceList(tree, kind, search), PAGE).get_page(request.GET.get("page"))
        return self.page(
            "ontology/repository.html",
            kinds=kinds,
            total=sum(tab.count for tab in kinds),
            kind=kind,
            search=search,
            page_obj=page,
            rows=rows_of(cast("Sequence[Entry]", page.object_list)),
            formats=[FORMATS[name] for name in WRITABLE],
            latest=log_page([self.commit.digest], LATEST)[0],
            **self.switcher(),
        )


def rows_of(entries: Sequence[Entry]) -> list[Row]:
    bodies = contents_of(entry.digest for entry in entries)
    return [row_of(entry.key, bodies[entry.digest]) for entry in entries]


def row_of(key: Key, content: Content) -> Row:
    return Row(
        *key,
        display_name=localised(content.get("display_name")),
        description=localised(content.get("description")),
        status=content.get("status", "experimental"),
        summary=summary(key[0], content),
    )


def summary(kind: str, content: Content) -> str:
    """The most telling facts of a resource in one line."""
    match kind:
        case "link_type":
            facts = [_ends(content), choice_label(content["cardinality"])]
        case "shared_property" | "value_type":
            facts = [type_text(content["type"]) if "type" in content else content.get("value_type", "")]
        case "action_type":
            count = len(content.get("parameters", {}))
            facts = [ngettext("{count} parameter", "{count} parameters", count).format(count=count)]
        case "struct_type":
            count = len(content["fields"])
            facts = [ngettext("{count} field", "{count} fields", count).format(count=count)]
        case _:
            count = len(content.get("properties", {}))
            facts = [
                ngettext("{count} property", "{count} properties", count).format(count=count),
                ", ".join([*content.get("extends", ()), *content.get("implements", ())]),
            ]
    return " · ".join(filter(None, facts))


def _ends(content: Mapping[str, Any]) -> str:
    return " → ".join(", ".join(content[side].get("types", ())) or "?" for side in ("source", "target"))
