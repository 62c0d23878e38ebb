"""Which consumers the branches of a repository break: branch by branch, what each did since it left the base."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from gateway.engine.sentences import sentence
from history.exceptions import BranchNotFound
from history.models import Branch, Commit, Repository
from history.selectors import TreeView, merge_bases, resource_changes
from ontology.engine.breaking import SEVERITIES, Finding, Severity
from ontology.selectors.comparison import findings_of

Counts = Mapping[Severity, int]


@dataclass(frozen=True)
class Verdict:
    """What a branch means for one consumer; ``severity`` is that of the gravest finding which breaks it."""

    consumer: str
    compatible: bool
    severity: Severity | None
    counts: Counts
    rules: Sequence[str]


@dataclass(frozen=True)
class BranchCompatibility:
    """What a branch means for all consumers. ``counts`` are all its findings, whomever they break."""

    branch: Branch
    merge_base: Commit
    counts: Counts
    consumers: Sequence[Verdict]

    @property
    def compatible(self) -> bool:
        """Whether no consumer is broken."""
        return all(verdict.compatible for verdict in self.consumers)


def branches_asked(repository: Repository, base: str, names: Collection[str] = ()) -> QuerySet[Branch]:
    """The branches of these names, or all that work goes on in but ``base``, which they are held against; by name.

    Raises BranchNotFound where one of the names is no branch's.
    """
    branches = repository.branches.select_related("head").order_by("name")
    if not names:
        return branches.filter(archived_at=None).exclude(name=base)
    branches = branches.filter(name__in=names)
    missing = set(names) - set(branches.values_list("name", flat=True))
    if missing:
        message = sentence("{repository} has no branch {name}.", repository=repository.name, name=min(missing))
        raise BranchNotFound(message)
    return branches


def compatibility_of(repository: Repository, base: Commit, branches: Iterable[Branch]) -> list[BranchCompatibility]:
    """What each of ``branches`` alone did breaks of whom: the merge base with ``base`` against the head.

    The cost of a branch follows what it changed, whatever number of consumers there is. Of several merge
    bases the first counts.
    """
    names = list(repository.consumers.order_by("name_key").values_list("name", flat=True))
    return [_compatibility(repository, base, branch, names) for branch in branches]


def _compatibility(repository: Repository, base: Commit, branch: Branch, names: Sequence[str]) -> BranchCompatibility:
    start = next(iter(merge_bases(base, branch.head)), base)
    before, after = TreeView(start.root), TreeView(branch.head.root)
    found = findings_of(repository.pk, before, after, resource_changes(before, after))
    return BranchCompatibility(branch, start, _counts(found), [_verdict(name, found) for name in names])


def _verdict(consumer: str, found: Iterable[Finding]) -> Verdict:
    its = [finding for finding in found if consumer in finding.consumers]
    worst = max((finding.severity for finding in its), key=SEVERITIES.index, default=None)
    return Verdict(consumer, not its, worst, _counts(its), sorted({finding.rule for finding in its}))


def _counts(found: Collection[Finding]) -> Counts:
    return {severity: sum(finding.severity is severity for finding in found) for severity in SEVERITIES}
