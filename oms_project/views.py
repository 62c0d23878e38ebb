"""The console's start page."""

from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from gateway.selectors import readiness
from history.models import Branch, Commit, HeadMove, Repository

PAGE: Final = 30
LATEST: Final = 8


@dataclass(frozen=True)
class RepositoryRow:
    """A repository in the list, with the last commit of its default branch."""

    repository: Repository
    branch_count: int
    latest: Commit | None


class StartView(View):
    """The repositories that the visitor sees, what happened there last, and the service's health."""

    def get(self, request: HttpRequest) -> HttpResponse:
        visible = Repository.objects.visible_to(request.user)
        search = request.GET.get("search", "").strip()
        wanted = visible.filter(name__icontains=search) | visible.filter(title__icontains=search)
        page = Paginator(wanted.order_by("name_key"), PAGE).get_page(request.GET.get("page"))
        context = {
            "page_obj": page,
            "rows": repository_rows(page.object_list),
            "search": search,
            "latest": latest_commits(visible),
            "readiness": readiness(),
            "may_create": request.user.has_perm("history.create_repository"),
        }
        return render(request, "console/start.html", context)


def repository_rows(repositories: Any) -> list[RepositoryRow]:
    """The rows of a page of repositories, in a fixed number of queries."""
    default_branch = Branch.objects.filter(repository=OuterRef("pk"), name=OuterRef("default_branch"))
    found = list(
        repositories.annotate(branch_count=Count("branches"), head=Subquery(default_branch.values("head_id")[:1]))
    )
    heads = Commit.objects.select_related("author").in_bulk({each.head for each in found if each.head})
    return [RepositoryRow(each, each.branch_count, heads.get(each.head)) for each in found]


def latest_commits(visible: QuerySet[Repository]) -> list[Commit]:
    """The commits that branches of the ``visible`` repositories came to last, newest first."""
    moves = HeadMove.objects.filter(repository__in=visible.values("pk"), before__isnull=False, after__isnull=False)
    rows = moves.select_related("after__author", "after__repository").order_by("-id")[:LATEST]
    return list({move.after_id: move.after for move in rows if move.after}.values())
