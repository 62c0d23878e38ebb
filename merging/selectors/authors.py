"""Who made what a proposal brings."""

from uuid import UUID

from django.db.models.functions import Coalesce

from history.models import Commit, HeadMove
from history.selectors import commits_reached
from merging.models import Proposal
from merging.selectors.proposals import heads_of


def authors_of(proposal: Proposal) -> set[UUID]:
    """Who made what a proposal brings as its branches stand; see :func:`authors_between`."""
    heads = heads_of(proposal)
    return authors_between(proposal, heads.source, heads.target)


def authors_between(proposal: Proposal, brought: Commit | None, target: Commit | None) -> set[UUID]:
    """Who made what ``proposal`` brings: who proposes it, gave it its target, moved its source or resolved conflicts.

    A move counts where it led to a commit of ``brought`` that ``target`` does not hold. What was applied from memory
    is by who resolved it there.
    """
    said = proposal.resolutions.exclude(option="")
    resolvers = said.values_list(Coalesce("remembered__resolved_by", "resolved_by"), flat=True)
    authors = {proposal.author_id, *resolvers}
    if proposal.retargeted_by_id:
        authors.add(proposal.retargeted_by_id)
    if brought is None or target is None:
        return authors
    moves = HeadMove.objects.filter(repository=proposal.repository_id, branch=proposal.source, after__isnull=False)
    movers: dict[str, set[UUID]] = {}
    for commit, actor in moves.order_by().values_list("after", "actor").distinct():
        movers.setdefault(commit, set()).add(actor)
    new = commits_reached(brought, movers) - commits_reached(target, movers)
    return authors.union(*(movers[commit] for commit in new))
