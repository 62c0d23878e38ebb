"""Registering what uses a repository's ontology from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from gateway.engine.sentences import sentence
from gateway.engine.text import folded, is_storable
from gateway.exceptions import FieldError
from history.engine.names import REPOSITORY_NAME
from history.exceptions import NotAllowed
from history.models import Repository
from history.permissions import ADMINISTER, require
from history.services import event_record
from ontology.engine.breaking import Mode
from ontology.engine.usages import Registered
from ontology.exceptions import ConsumerInvalid, ConsumerNotFound
from ontology.models import Consumer, ConsumerUsage
from ontology.selectors import registered_of
from ontology.services.declared import Declared, usages_declared

REGISTER: Final = "ontology.register_consumer"

CONTACT_LENGTH: Final = 200
DESCRIPTION_LENGTH: Final = 10_000


@dataclass(frozen=True)
class Registration:
    """The consumer as it is registered now, and whether it is new."""

    consumer: Consumer
    created: bool


@transaction.atomic
def consumer_register(
    *,
    actor: Any,
    repository: Repository,
    name: str,
    declared: Declared,
    contact: str = "",
    description: str = "",
) -> Registration:
    """Make ``name`` a consumer of exactly what is declared, whatever it was before; nothing happens where it is that.

    Who registered a consumer, or administers the repository, may do so again. Raises ConsumerInvalid with
    all that is wrong, fields being pointers into a request of these arguments, or RefNotFound.
    """
    require(actor, REGISTER, repository)
    before = _locked(repository, name)
    if before is not None:
        _require_own(actor, before)
    registered, unknown = usages_declared(repository, name, declared)
    if errors := [*_errors(name, contact, description), *unknown]:
        raise ConsumerInvalid(errors=errors)
    given = {"name": name, "contact": contact, "description": description}
    if before is not None and _says(before, given, registered):
        return Registration(before, created=False)
    consumer = _written(actor, repository, before, given, registered)
    _tell("io.oms.ontology.consumer.registered", actor, consumer, _counts(registered))
    return Registration(consumer, created=before is None)


@transaction.atomic
def consumer_delete(*, actor: Any, consumer: Consumer) -> None:
    """Forget a consumer and what it uses. Raises ConsumerNotFound where somebody else has done so meanwhile."""
    require(actor, REGISTER, consumer.repository)
    found = _locked(consumer.repository, consumer.name)
    if found is None:
        message = sentence(
            "{repository} has no consumer {name} any more.", repository=consumer.repository.name, name=consumer.name
        )
        raise ConsumerNotFound(message)
    _require_own(actor, found)
    _tell("io.oms.ontology.consumer.removed", actor, found, {})
    found.delete()


def _locked(repository: Repository, name: str) -> Consumer | None:
    """The consumer of that name. The consumers of a repository are written one at a time until the transaction ends."""
    Repository.objects.select_for_update(no_key=True).get(pk=repository.pk)
    found: Consumer | None = repository.consumers.filter(name_key=folded(name)).first() if is_storable(name) else None
    return found


def _require_own(actor: Any, consumer: Consumer) -> None:
    if consumer.registered_by_id != actor.pk and not actor.has_perm(ADMINISTER, consumer.repository):
        message = sentence(
            "Only who registered {name} or administers the repository may change it.", name=consumer.name
        )
        raise NotAllowed(message)


def _says(consumer: Consumer, given: Mapping[str, str], registered: Sequence[Registered]) -> bool:
    """Whether that is what the consumer is already."""
    if any(getattr(consumer, field) != value for field, value in given.items()):
        return False
    return {registered_of(row) for row in consumer.usages.select_related("consumer")} == set(registered)


def _written(
    actor: Any,
    repository: Repository,
    before: Consumer | None,
    given: Mapping[str, str],
    registered: Sequence[Registered],
) -> Consumer:
    consumer = before or Consumer(repository=repository, name_key=folded(given["name"]), registered_by=actor)
    for field, value in given.items():
        setattr(consumer, field, value)
    consumer.updated_at = timezone.now()
    consumer.save()
    consumer.usages.all().delete()
    ConsumerUsage.objects.bulk_create(_row(consumer, each) for each in registered)
    return consumer


def _row(consumer: Consumer, registered: Registered) -> ConsumerUsage:
    usage = registered.usage
    return ConsumerUsage(
        consumer=consumer,
        mode=usage.mode,
        kind=usage.kind,
        type=usage.type,
        type_rid=registered.type_rid,
        property=usage.property,
        property_rid=registered.property_rid or None,
    )


def _counts(registered: Sequence[Registered]) -> dict[str, int]:
    return {mode.value: sum(each.usage.mode is mode for each in registered) for mode in Mode}


def _tell(event: str, actor: Any, consumer: Consumer, data: Mapping[str, int]) -> None:
    repository = consumer.repository
    event_record(
        type=event,
        subject=f"repositories/{repository.name}/consumers/{consumer.name}",
        actor=actor,
        repository=repository,
        data={"repository": repository.name, "consumer": consumer.name, **data},
    )


def _errors(name: str, contact: str, description: str) -> list[FieldError]:
    """What is wrong with a consumer beside what it uses."""
    name_rule = sentence(
        "A consumer's name has 1 to 100 letters, digits, dots, hyphens or underscores"
        " and starts with a letter or a digit."
    )
    contact_length = sentence("A contact has at most {limit} characters.", limit=CONTACT_LENGTH)
    description_length = sentence("A description has at most {limit} characters.", limit=DESCRIPTION_LENGTH)
    rules = (
        ("name", "CONSUMER_NAME", not REPOSITORY_NAME.fullmatch(name), name_rule),
        ("contact", "LENGTH", len(contact) > CONTACT_LENGTH, contact_length),
        ("contact", "NULL_CHARACTER", "\0" in contact, sentence("A contact holds no NUL character.")),
        ("description", "LENGTH", len(description) > DESCRIPTION_LENGTH, description_length),
        ("description", "NULL_CHARACTER", "\0" in description, sentence("A description holds no NUL character.")),
    )
    return [FieldError(f"/{field}", rule, message) for field, rule, broken, message in rules if broken]
