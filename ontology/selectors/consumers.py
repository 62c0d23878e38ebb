"""Consumers as they are registered, what they use under the names that a state has, and whom findings break."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import FilteredRelation, Q, QuerySet

from gateway.engine.sentences import sentence
from gateway.engine.text import folded, is_storable
from history.models import Repository
from history.selectors import TreeView, ref_resolve
from ontology.engine.breaking import Finding, Mode, Usage, with_usage
from ontology.engine.breaking.usage import touched
from ontology.engine.usages import Registered, Standing, standings
from ontology.exceptions import ConsumerNotFound
from ontology.models import Consumer, ConsumerUsage
from ontology.selectors.states import TreeState

SOMETHING_ELSE = ("", "", "", Mode.READS)
"""The usage of a consumer of whose usages none is near: it is registered, and uses other things."""


@dataclass(frozen=True)
class ConsumerUsages:
    """A consumer, and what it reads and writes as the default branch calls it now."""

    consumer: Consumer
    reads: Sequence[Standing]
    writes: Sequence[Standing]


def consumers_of(repository: Repository) -> QuerySet[Consumer]:
    """The consumers of a repository, by name."""
    return repository.consumers.select_related("registered_by").order_by("name_key")


def consumer_get(repository: Repository, name: str) -> Consumer:
    """The consumer of that name, in whatever case."""
    consumer = consumers_of(repository).filter(name_key=folded(name)).first() if is_storable(name) else None
    if consumer is None:
        raise ConsumerNotFound(sentence("{repository} has no consumer {name}.", repository=repository.name, name=name))
    return consumer


def standings_of(repository: Repository, consumers: Iterable[Consumer]) -> list[ConsumerUsages]:
    """What each of ``consumers`` uses, under the names at the default branch's head, read together for all."""
    consumers = list(consumers)
    rows = list(ConsumerUsage.objects.filter(consumer__in=consumers).select_related("consumer"))
    state = TreeState(TreeView(ref_resolve(repository, repository.default_branch).root))
    found: dict[tuple[int, Mode], list[Standing]] = {}
    for row, standing in zip(rows, standings(state, [registered_of(row) for row in rows], state.keys_of), strict=True):
        found.setdefault((row.consumer_id, standing.usage.mode), []).append(standing)
    return [
        ConsumerUsages(each, found.get((each.pk, Mode.READS), []), found.get((each.pk, Mode.WRITES), []))
        for each in consumers
    ]


def registered_of(row: ConsumerUsage) -> Registered:
    """The usage that a row keeps."""
    usage = Usage(row.consumer.name, row.kind, row.type, row.property, Mode(row.mode))
    return Registered(usage, str(row.type_rid), str(row.property_rid or ""))


def with_consumers(repository_id: UUID, before: TreeState, found: Sequence[Finding]) -> list[Finding]:
    """The findings of a change of ``before`` with the registered consumers that each breaks.

    What consumers use is known again by rid, so it is found whatever it is called in ``before``. Read is
    one query of the usages that the findings can concern, beside contents.
    """
    if not found:
        return []
    near, elsewhere = _near(repository_id, before, found)
    usages = [standing.usage for standing in standings(before, near, before.keys_of)]
    return with_usage(found, [*usages, *elsewhere])


def _near(repository_id: UUID, before: TreeState, found: Sequence[Finding]) -> tuple[list[Registered], list[Usage]]:
    """The usages of what the findings touch, by rid or name, and one of nothing for each consumer without such."""
    keys = touched(found)
    rids = [content["rid"] for content in before.contents(keys).values()]
    concerned = Q(usages__type_rid__in=rids) | Q(usages__type__in={name for _, name in keys})
    rows = (
        Consumer.objects.filter(repository_id=repository_id)
        .annotate(near=FilteredRelation("usages", condition=concerned))
        .values_list(
            "name", "near__kind", "near__type", "near__property", "near__mode", "near__type_rid", "near__property_rid"
        )
    )
    near, elsewhere = [], []
    for name, kind, type_, property_, mode, type_rid, property_rid in rows:
        if type_rid is None:
            elsewhere.append(Usage(name, *SOMETHING_ELSE))
        else:
            usage = Usage(name, kind, type_, property_, Mode(mode))
            near.append(Registered(usage, str(type_rid), str(property_rid or "")))
    return near, elsewhere
