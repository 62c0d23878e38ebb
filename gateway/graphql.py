"""GraphQL operations under the same errors as REST, and no larger than the service can bear."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final

import strawberry
import structlog
from django.utils.translation import gettext as _
from graphql import (
    ASTValidationRule,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
)
from graphql.validation import ASTValidationContext
from rest_framework.request import Request
from strawberry.extensions import AddValidationRules, MaxTokensLimiter, ParserCache, ValidationCache
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.execution import ExecutionContext

from gateway.exceptions import Internal, Malformed, OMSError, OperationTooLarge
from gateway.http.pages import MAX_LIMIT, MAX_OFFSET, in_range
from gateway.http.problems import errors_json, problem_of
from gateway.http.translation import translated

MAX_DEPTH: Final = 15
"""Levels of nested fields; the introspection query of the common clients has 14."""
MAX_ALIASES: Final = 30
MAX_COST: Final = 1_000
"""What an operation may cost once its fragments are spread: 1 for each field that says nothing else."""
WHOLE_STATE: Final = 300
"""The cost of a field that reads or writes a whole ontology."""
LONG_PAGE: Final = 50
"""The cost of a field whose page may be long and its rows large."""
MAX_TOKENS: Final = 2_000
MAX_QUERY_LENGTH: Final = 100_000
"""Characters of the document; contents travel in variables."""

logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Context:
    """What resolvers get as ``info.context``."""

    request: Request

    @property
    def user(self) -> Any:
        return self.request.user


Info = strawberry.Info[Context, None]
JSON = strawberry.scalars.JSON

Limit = Annotated[int, strawberry.argument(description=f"At most this many, up to {MAX_LIMIT}.")]
Offset = Annotated[int, strawberry.argument(description="Leave out this many first.")]


def page(limit: int, offset: int = 0) -> slice:
    """The slice of a list; raises :class:`Malformed` where the arguments describe none."""
    start = in_range(offset, "/offset", minimum=0, maximum=MAX_OFFSET)
    return slice(start, start + in_range(limit, "/limit", minimum=0, maximum=MAX_LIMIT))


def require_unkept(info: Info) -> None:
    """Raises :class:`Malformed` where the answer, which holds a secret, would be kept for its Idempotency-Key."""
    if "Idempotency-Key" in info.context.request.headers:
        raise Malformed(_("An answer with a secret is not kept: ask for it without an Idempotency-Key."))


@dataclass(frozen=True)
class Extent:
    """How large a selection is with all its fragments spread."""

    depth: int = 0
    aliases: int = 0
    cost: int = 0

    def beside(self, other: "Extent") -> "Extent":
        return Extent(max(self.depth, other.depth), self.aliases + other.aliases, self.cost + other.cost)

    def under(self, field: FieldNode, cost: int) -> "Extent":
        return Extent(self.depth + 1, self.aliases + (field.alias is not None), self.cost + cost)


class Measure:
    """Measures selections; a fragment is measured once, however often and deeply it is spread.

    The limiters that strawberry brings walk every spread anew: sixteen fragments that spread the
    next one twice keep them busy for seconds.
    """

    def __init__(self, document: DocumentNode, costs: Mapping[str, int]) -> None:
        self._costs = costs
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._measured: dict[str, Extent] = {}

    def extent(self, selection_set: SelectionSetNode | None) -> Extent:
        total = Extent()
        for selection in selection_set.selections if selection_set else ():
            match selection:
                case FieldNode():
                    cost = self._costs.get(selection.name.value, 1)
                    total = total.beside(self.extent(selection.selection_set).under(selection, cost))
                case InlineFragmentNode():
                    total = total.beside(self.extent(selection.selection_set))
                case FragmentSpreadNode():
                    total = total.beside(self._fragment_extent(selection.name.value))
        return total

    def _fragment_extent(self, name: str) -> Extent:
        if name not in self._measured and name in self._fragments:
            self._measured[name] = Extent()  # a fragment that spreads itself is for another rule to refuse
            self._measured[name] = self.extent(self._fragments[name].selection_set)
        return self._measured.get(name, Extent())


class OperationLimits(ASTValidationRule):
    """Refuses an operation that nests, renames or asks too much."""

    costs: ClassVar[Mapping[str, int]] = {}

    def __init__(self, context: ASTValidationContext) -> None:
        super().__init__(context)
        self._measure = Measure(context.document, self.costs)

    def enter_operation_definition(self, node: OperationDefinitionNode, *_args: Any) -> None:
        extent = self._measure.extent(node.selection_set)
        for sentence, found, allowed in (
            (_("The operation has more than {limit} nested levels."), extent.depth, MAX_DEPTH),
            (_("The operation has more than {limit} aliases."), extent.aliases, MAX_ALIASES),
            (_("The operation costs more than {limit}."), extent.cost, MAX_COST),
        ):
            if found > allowed:
                problem = OperationTooLarge(sentence.format(limit=allowed), limit=allowed)
                self.report_error(GraphQLError(problem.detail, node, original_error=problem))


class StorableText(ASTValidationRule):
    """Refuses texts written in the document itself that the body's reader would refuse in variables."""

    def enter_string_value(self, node: StringValueNode, *_args: Any) -> None:
        if "\0" in node.value:
            self.report_error(GraphQLError(_("A text holds the null character."), node))


class Schema(strawberry.Schema):
    """A schema whose operations are limited and whose errors are those of the one table.

    ``costs`` says what fields cost that cost more than 1, by their names in GraphQL.
    """

    def __init__(self, query: type, mutation: type | None = None, *, costs: Mapping[str, int] | None = None) -> None:
        limits = type("Limits", (OperationLimits,), {"costs": costs or {}})
        super().__init__(
            query=query,
            mutation=mutation,
            extensions=[
                lambda: MaxTokensLimiter(MAX_TOKENS),
                lambda: AddValidationRules([limits, StorableText]),
                ParserCache,
                ValidationCache,
            ],
        )

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        """Nothing: :func:`answer` logs those that are ours, once."""


@dataclass(frozen=True)
class Answer:
    """The response to an operation: its JSON, and what the faults of the server in it mean for HTTP."""

    body: dict[str, Any]
    status: int
    headers: dict[str, str]


def answer(
    schema: Schema, context: Context, *, query: str, variables: dict[str, Any] | None, operation_name: str | None
) -> Answer:
    """Execute one operation; raises :class:`Malformed` where the document names none that could be.

    The status is 200 where the server did its part, whatever the operation's errors, else 500 or 503.
    """
    try:
        result = schema.execute_sync(query, variables, context, operation_name=operation_name)
    except (CannotGetOperationTypeError, InvalidOperationTypeError) as error:
        raise Malformed(_("The document holds no such operation.")) from error
    problems = [(error, _problem_of(error)) for error in result.errors or ()]
    body: dict[str, Any] = {"data": result.data}
    if problems:
        body["errors"] = [_formatted(error, problem) for error, problem in problems]
    gravest = _gravest_fault(problem for _error, problem in problems)
    return Answer(body, gravest.status if gravest else 200, gravest.headers if gravest else {})


def _problem_of(error: GraphQLError) -> OMSError:
    """What ``error`` means: the document's fault, or that of the exception a resolver raised."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    is_in_document = error.path is None and bool(error.nodes)
    if cause is None or (is_in_document and not isinstance(cause, OMSError)):
        return Malformed(error.message)
    problem = problem_of(cause)
    if isinstance(problem, Internal):
        logger.error("graphql_operation_failed", path=error.path, exc_info=cause)
    return problem


def _formatted(error: GraphQLError, problem: OMSError) -> dict[str, Any]:
    extensions = {"code": problem.code, "status": problem.status, **problem.extensions}
    if problem.errors:
        extensions["errors"] = errors_json(problem)
    return {**error.formatted, "message": translated(problem.detail), "extensions": extensions}


def _gravest_fault(problems: Iterable[OMSError]) -> OMSError | None:
    faults = (problem for problem in problems if problem.status >= 500)
    return min(faults, key=lambda problem: problem.status, default=None)
