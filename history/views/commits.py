"""The log of a ref, or of all branches, with a picture of how they hang together."""

from typing import Final

from django.http import HttpRequest, HttpResponse

from history.selectors import branches_left_out, graph_cursor, graph_page, graph_position, graph_start
from history.views.base import RepositoryView
from history.views.lanes import picture_of

PAGE: Final = 30


class CommitListView(RepositoryView):
    """The commits that a ref reaches, with ``all`` those of all branches, newest first."""

    tab = "commits"

    def get(self, request: HttpRequest, repository: str) -> HttpResponse:
        cursor, every_branch = request.GET.get("from", ""), "all" in request.GET
        if cursor:
            position = graph_position(self.repository, cursor)
        else:
            position = graph_start(self.repository, self.commit, every_branch=every_branch)
        drawn, behind = graph_page(self.repository, position, PAGE)
        return self.page(
            "history/commits.html",
            picture=picture_of(drawn),
            behind=graph_cursor(behind),
            is_first=not cursor,
            every_branch=every_branch,
            left_out=branches_left_out(self.repository) if every_branch else 0,
            **self.switcher(),
        )
