"""Import, export, comparison and validation of whole states, over GraphQL."""

from typing import Final, Self

import strawberry

import history.graphql
from gateway.graphql import JSON, WHOLE_STATE, Info
from gateway.http.translation import translated, translated_json
from history import selectors as history_selectors
from history.http.authority import authority_of
from history.models import Commit
from history.selectors import ChangeKind, branch_get, ref_resolve, repository_get
from ontology import selectors, services
from ontology.engine.breaking.notation import finding_json
from ontology.models import RuleSeverity

strawberry.enum(ChangeKind, description="How a resource differs between two states.")

strawberry.enum(RuleSeverity, description="How much a broken rule of validation weighs in a repository.")

COSTS: Final = {
    "compare": WHOLE_STATE,
    "documentExport": WHOLE_STATE,
    "documentImport": WHOLE_STATE,
    "ontologyExport": WHOLE_STATE,
    "validation": WHOLE_STATE,
}


@strawberry.type(description="A resource that differs between two states; null is the side on which it is not there.")
class ResourceChange:
    kind: str
    api_name: str
    former_name: str
    change: ChangeKind
    before: JSON | None
    after: JSON | None

    @classmethod
    def of(cls, row: history_selectors.ResourceChange) -> Self:
        return cls(
            kind=row.kind,
            api_name=row.api_name,
            former_name=row.former_name,
            change=row.change,
            before=None if row.before is None else JSON(row.before),
            after=None if row.after is None else JSON(row.after),
        )


@strawberry.type(description="What leads from the state at one ref to that at another.")
class Comparison:
    merge_base: str | None
    changes: list[ResourceChange]
    findings: list[JSON]


@strawberry.type(description="Something of a source that did not come over; the place is in the source's own terms.")
class Omission:
    place: str
    code: str
    message: str


@strawberry.type(description="What an import did: its one commit, how many resources changed, and what was left out.")
class ImportReport:
    commit: history.graphql.Commit
    added: int
    modified: int
    renamed: int
    removed: int
    omissions: list[Omission]


@strawberry.type(description="A rule that a state breaks at a place, a pointer into its OMS document.")
class StateViolation:
    rule: str
    severity: str
    path: str
    message: str


@strawberry.type(description="A rule of validation and what it weighs in a repository; some can be moved.")
class RuleSetting:
    rule: str
    severity: RuleSeverity
    default: RuleSeverity
    movable: bool
    sentence: str

    @classmethod
    def of(cls, weight: selectors.RuleWeight) -> Self:
        rule = weight.rule
        return cls(
            rule=rule.id,
            severity=weight.severity,
            default=RuleSeverity(rule.severity),
            movable=rule.movable,
            sentence=translated(rule.sentence),
        )


@strawberry.type
class Query:
    @strawberry.field
    def compare(self, info: Info, repository: str, head: str, base: str = "") -> Comparison:
        """The resources in which the state at ``head`` differs from that at ``base``, the default branch if empty."""
        comparison = selectors.compare(_commit(info, repository, base), _commit(info, repository, head))
        base_commit = comparison.merge_base
        return Comparison(
            merge_base=base_commit.digest if base_commit else None,
            changes=[ResourceChange.of(row) for row in comparison.changes],
            findings=[JSON(translated_json(finding_json(finding))) for finding in comparison.findings],
        )

    @strawberry.field
    def content_schema(self, kind: str) -> JSON:
        """The JSON Schema of the contents of a kind."""
        return JSON(selectors.content_schema(kind))

    @strawberry.field
    def document_export(self, info: Info, repository: str, ref: str = "") -> JSON:
        """The OMS document at ``ref``, rids included."""
        return JSON(selectors.document_export(_commit(info, repository, ref)))

    @strawberry.field
    def ontology_export(self, info: Info, repository: str, format: str, ref: str = "") -> str:  # noqa: A002
        """The text of the ontology at ``ref`` in a format."""
        return selectors.ontology_export(_commit(info, repository, ref), format).decode()

    @strawberry.field
    def validation(self, info: Info, repository: str, ref: str = "") -> list[StateViolation]:
        """The errors and warnings of the whole state at ``ref``, by the rules of the repository."""
        return [
            StateViolation(rule=each.rule, severity=each.severity, path=each.path, message=translated(each.message))
            for each in selectors.violations_at(_commit(info, repository, ref))
        ]

    @strawberry.field
    def rule_settings(self, info: Info, repository: str) -> list[RuleSetting]:
        """All rules of validation, and what they weigh in the repository."""
        row = repository_get(info.context.user, repository)
        return [RuleSetting.of(weight) for weight in selectors.rule_weights(row)]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def rule_setting_set(self, info: Info, repository: str, rule: str, severity: RuleSeverity) -> RuleSetting:
        """Have a movable rule refuse commits, be told, or not be looked at."""
        row = repository_get(info.context.user, repository)
        services.rule_setting_set(actor=info.context.user, repository=row, rule=rule, severity=severity)
        weights = selectors.rule_weights(row)
        return RuleSetting.of(next(weight for weight in weights if weight.rule.id == rule))

    @strawberry.mutation
    def document_import(
        self,
        info: Info,
        repository: str,
        branch: str,
        document: JSON,
        message: str = "Import an ontology",
        expected_head: str | None = None,
        format: str = "oms",  # noqa: A002  (as REST calls it)
        *,
        replace: bool = True,
    ) -> ImportReport:
        """Make a document what a branch holds, as one commit."""
        report = services.document_import(
            actor=info.context.user,
            branch=branch_get(repository_get(info.context.user, repository), branch),
            document=document,
            message=message,
            format_name=format,
            replace=replace,
            expected_head=expected_head,
            authority=authority_of(info.context.request.headers),
        )
        omissions = [
            Omission(place=each.place, code=each.code, message=translated(each.message)) for each in report.omissions
        ]
        return ImportReport(commit=history.graphql.Commit.of(report.commit), omissions=omissions, **report.counts)


def _commit(info: Info, repository: str, ref: str) -> Commit:
    row = repository_get(info.context.user, repository)
    return ref_resolve(row, ref or row.default_branch)
