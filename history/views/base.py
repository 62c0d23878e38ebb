"""What the console's pages about a repository share."""

from functools import cached_property
from typing import Any, ClassVar, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views import View

from history.models import Branch, Commit, Repository
from history.selectors import ref_resolve, repository_get, token_held
from history.services import Authority

SWITCHER_BRANCHES: Final = 20
"""How many branches the switcher offers; any other ref can be typed."""

PERMISSIONS: Final = {
    "administer": "history.administer_repository",
    "archive_branch": "history.archive_branch",
    "comment": "merging.comment",
    "commit": "history.commit",
    "create_branch": "history.create_branch",
    "delete_branch": "history.delete_branch",
    "import": "ontology.import",
    "lock_branch": "history.lock_branch",
    "merge": "merging.merge",
    "propose": "merging.propose",
    "register_consumer": "ontology.register_consumer",
    "review": "merging.review",
}
"""What templates ask before they offer something."""


def address(page: str, /, *parts: str | int, **query: str | None) -> str:
    """The path of a console page; ``parts`` fill its pattern, what is empty is left out of the query."""
    given = {name: value for name, value in query.items() if value not in {None, ""}}
    return reverse(f"admin:{page}", args=parts, query=given)


class RepositoryView(View):
    """A page of the repository that the path names, if the visitor may see it."""

    request: HttpRequest
    tab: ClassVar[str] = ""
    """Which of the repository's tabs the page belongs to."""

    @cached_property
    def repository(self) -> Repository:
        return repository_get(self.request.user, self.kwargs["repository"])

    @cached_property
    def ref(self) -> str:
        """The ref that the page is about, by default the default branch."""
        return self.request.GET.get("ref") or self.repository.default_branch

    @cached_property
    def commit(self) -> Commit:
        """The commit that :attr:`ref` names."""
        return ref_resolve(self.repository, self.ref)

    @cached_property
    def branch(self) -> Branch | None:
        """The branch, where :attr:`ref` is one."""
        _ = self.commit  # a ref that cannot be is refused there
        return self.repository.branches.select_related("lock__owner").filter(name=self.ref).first()

    def authority(self, branch: str, bypass_reason: str = "") -> Authority:
        """What the visitor brings to a write to the branch of that name, with the reason that a form asked for.

        Who holds its lock writes under it, since this is they themselves and no late process of theirs;
        what they saw of the branch is what ``expected_head`` guards.
        """
        token = token_held(self.request.user, self.repository, branch)
        return Authority(bypass_reason=bypass_reason, lock_token=token)

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """The template within the repository's frame."""
        may = {name: self.request.user.has_perm(perm, self.repository) for name, perm in PERMISSIONS.items()}
        frame = {"repository": self.repository, "tab": self.tab, "may": may}
        return render(self.request, template, {**frame, **context}, status=status)

    def switcher(self) -> dict[str, Any]:
        """What the switcher of refs shows."""
        branches = list(self.repository.branches.order_by("-head__created_at", "name")[:SWITCHER_BRANCHES])
        return {"ref": self.ref, "branch": self.branch, "commit": self.commit, "branches": branches}
