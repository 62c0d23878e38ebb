"""Asking people for reviews."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import transaction

from accounts.backends import membership_roles_read
from gateway.engine.sentences import sentence
from gateway.engine.text import is_storable
from gateway.exceptions import FieldError
from history.models import Repository
from history.permissions import require
from history.services import events_record
from merging.exceptions import ReviewerNotFound, ReviewInvalid
from merging.models import Proposal, ReviewRequest
from merging.services.proposed import PROPOSE, REVIEW, proposal_lock, require_pending, tell

MAX_REVIEWERS: Final = 50


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
    reviewers_ask(actor, proposal, people)
    return proposal


@transaction.atomic
def reviewer_withdraw(*, actor: Any, proposal: Proposal, username: str) -> Proposal:
    """Ask somebody for a review no longer; what they said stays. Raises ReviewerNotFound where none is awaited."""
    require(actor, PROPOSE, proposal.repository)
    proposal = proposal_lock(proposal)
    require_pending(proposal)
    awaited = proposal.review_requests.filter(reviewer__username=username).first() if is_storable(username) else None
    if awaited is None:
        raise ReviewerNotFound(sentence("{name} is not asked for a review.", name=username))
    tell("io.oms.merging.reviewer.withdrawn", actor, proposal, reviewer=str(awaited.reviewer_id))
    awaited.delete()
    return proposal


def reviewers_named(repository: Repository, usernames: Sequence[str]) -> tuple[list[Any], list[FieldError]]:
    """The people of these usernames, and what is wrong with those who are nobody that may review here.

    There are at most ``MAX_REVIEWERS``.
    """
    if len(usernames) > MAX_REVIEWERS:
        message = sentence("At most {limit} people can be asked for a review at once.", limit=MAX_REVIEWERS)
        return [], [FieldError("/reviewers", "TOO_MANY", message)]
    users = get_user_model()._default_manager  # noqa: SLF001  (Django's documented name for it)
    storable = [name for name in usernames if is_storable(name)]
    found = {user.get_username(): user for user in users.filter(username__in=storable)}
    membership_roles_read(found.values(), repository)
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


def reviewers_ask(actor: Any, proposal: Proposal, people: Sequence[Any]) -> None:
    """The rows and the events of reviews that are awaited from now on. The caller holds the proposal's lock."""
    awaited = set(proposal.review_requests.filter(reviewer__in=people).values_list("reviewer_id", flat=True))
    asked = [user for user in people if user.pk not in awaited]
    ReviewRequest.objects.bulk_create(ReviewRequest(proposal=proposal, reviewer=user) for user in asked)
    events_record(
        type="io.oms.merging.reviewer.requested",
        subject=proposal.subject,
        actor=actor,
        repository=proposal.repository,
        data=[
            {"repository": proposal.repository.name, "proposal": proposal.number, "reviewer": str(user.pk)}
            for user in asked
        ],
    )
