"""Asking people for reviews."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from gateway.engine.sentences import sentence
from gateway.engine.text import is_storable
from gateway.exceptions import FieldError
from history.models import Repository
from history.permissions import require
from merging.exceptions import ReviewInvalid
from merging.models import Proposal, ReviewRequest
from merging.services.proposed import PROPOSE, REVIEW, proposal_lock, require_pending, tell


@transaction.atomic
def reviewer_request(*, actor: Any, proposal: Proposal, username: str) -> Proposal:
    """Ask somebody for a review, once more where there is one. Nothing happens where it is awaited already.

    Raises ReviewInvalid where that is nobody who may review here.
    """
    require(actor, PROPOSE, proposal.repository)
    proposal = proposal_lock(proposal)
    require_pending(proposal)
    people, unknown = reviewers_named(proposal.repository, [username])
    if unknown:
        raise ReviewInvalid(unknown[0].message, errors=[FieldError("/username", unknown[0].rule, unknown[0].message)])
    reviewer_ask(actor, proposal, people[0])
    return proposal


@transaction.atomic
def reviewer_withdraw(*, actor: Any, proposal: Proposal, username: str) -> Proposal:
    """Ask somebody for a review no longer; what they said stays. Nothing happens where none is awaited."""
    require(actor, PROPOSE, proposal.repository)
    proposal = proposal_lock(proposal)
    require_pending(proposal)
    awaited = proposal.review_requests.filter(reviewer__username=username).first() if is_storable(username) else None
    if awaited is not None:
        tell("io.oms.merging.reviewer.withdrawn", actor, proposal, reviewer=str(awaited.reviewer_id))
        awaited.delete()
    return proposal


def reviewers_named(repository: Repository, usernames: Sequence[str]) -> tuple[list[Any], list[FieldError]]:
    """The people of these usernames, and what is wrong with those who are nobody that may review here."""
    users = get_user_model()._default_manager  # noqa: SLF001  (Django's documented name for it)
    storable = [name for name in usernames if is_storable(name)]
    found = {user.get_username(): user for user in users.filter(username__in=storable)}
    people = {name: user for name, user in found.items() if user.has_perm(REVIEW, repository)}
    # Who has an account and who has none is not told apart.
    errors = [
        FieldError(f"/reviewers/{place}", "REVIEWER_UNKNOWN", sentence("{name} may not review here.", name=name))
        for place, name in enumerate(usernames)
        if name not in people
    ]
    return [people[name] for name in _once(usernames) if name in people], errors


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def reviewer_ask(actor: Any, proposal: Proposal, user: Any) -> None:
    """The row and the event of a review that is awaited. The caller holds the proposal's lock."""
    _, asked = ReviewRequest.objects.get_or_create(proposal=proposal, reviewer=user)
    if asked:
        tell("io.oms.merging.reviewer.requested", actor, proposal, reviewer=str(user.pk))
