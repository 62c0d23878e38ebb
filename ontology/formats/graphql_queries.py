"""What a GraphQL query uses of an ontology.

Fields are read by what they are called, not by any one schema: a field of the query names a type, a field
of a type a property or a side of a link. Only queries are read, since what a mutation writes is no matter
of its selections.
"""

from collections.abc import Iterable
from typing import Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    InlineFragmentNode,
    Lexer,
    Node,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    Source,
    TokenKind,
    get_location,
    parse,
)

from gateway.engine.sentences import Sentence, sentence
from history.engine.content import Key, Violation
from ontology.engine.findings import shown
from ontology.engine.usages import Derived, Vocabulary, derived
from ontology.engine.usages.derived import Use
from ontology.engine.usages.vocabulary import NOTHING, Scope

MAX_TOKENS: Final = 20_000
MAX_DEPTH: Final = 50
"""Levels of nested selections and values; the parser descends them all."""

PASSED_THROUGH: Final = frozenset({"edges", "node", "nodes"})
"""Fields of Relay's connections that stand between a link and what is linked."""
PASSED_OVER: Final = frozenset({"__typename", "pageInfo", "totalCount", "cursor"})
"""Fields that say nothing of a thing itself."""

_OPENING: Final = frozenset({TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L})
_CLOSING: Final = frozenset({TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R})


def usages_of_query(vocabulary: Vocabulary, text: str) -> Derived:
    """What the query ``text`` selects. Violations are of the text as a whole and name line and column."""
    source = Source(text)
    document = _parsed(source)
    if isinstance(document, Sentence):
        return Derived(violations=[Violation("QUERY_INVALID", "", document)])
    walk = _Walk(vocabulary, source, document)
    walk.run(document)
    return derived(walk.roots, walk.uses, walk.violations)


def _parsed(source: Source) -> DocumentNode | Sentence:
    """The document, or the sentence that says why there is none."""
    try:
        return _too_large(source) or parse(source, no_location=False)
    except GraphQLSyntaxError as error:
        line, column = error.locations[0] if error.locations else (1, 1)
        return _placed(line, column, error.message)


def _placed(line: int, column: int, message: str) -> Sentence:
    return sentence("Line {line}, column {column}: {message}", line=line, column=column, message=message)


def _too_large(source: Source) -> Sentence | None:
    """The sentence that says that the text is more than is read; None where it is not."""
    lexer, depth = Lexer(source), 0
    for _ in range(MAX_TOKENS):
        kind = lexer.advance().kind
        depth += (kind in _OPENING) - (kind in _CLOSING)
        if kind is TokenKind.EOF:
            return None
        if depth > MAX_DEPTH:
            return sentence("The query nests deeper than {limit} levels.", limit=MAX_DEPTH)
    return sentence("The query has more than {limit} tokens.", limit=MAX_TOKENS)


class _Walk:
    """Every selection of a document, once, with what it is selected from; None is the query itself."""

    def __init__(self, vocabulary: Vocabulary, source: Source, document: DocumentNode) -> None:
        self.uses: set[Use] = set()
        self.roots: set[Key] = set()
        self.violations: list[Violation] = []
        self._vocabulary, self._source = vocabulary, source
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._spread: set[tuple[str, bool]] = set()
        self._pending: list[tuple[SelectionNode, Scope | None]] = []

    def run(self, document: DocumentNode) -> None:
        for definition in document.definitions:
            if isinstance(definition, OperationDefinitionNode):
                if definition.operation is OperationType.QUERY:
                    self._go(definition.selection_set.selections, None)
                else:
                    message = sentence("A {operation} is no query.", operation=definition.operation.value)
                    self._refuse("QUERY_INVALID", definition, message)
            elif not isinstance(definition, FragmentDefinitionNode):
                self._refuse("QUERY_INVALID", definition, sentence("This is no query."))
        while self._pending:
            selection, scope = self._pending.pop()
            match selection:
                case FieldNode():
                    self._field(selection, scope)
                case InlineFragmentNode():
                    self._narrow(selection, scope)
                case FragmentSpreadNode():
                    self._named_fragment(selection, scope)

    def _go(self, selections: Iterable[SelectionNode], scope: Scope | None) -> None:
        if scope != NOTHING:
            self._pending += [(selection, scope) for selection in selections]

    def _field(self, field: FieldNode, scope: Scope | None) -> None:
        below = self._top(field) if scope is None else self._below(field, scope)
        self._go(field.selection_set.selections if field.selection_set else (), below)

    def _top(self, field: FieldNode) -> Scope:
        """The types that a field of the query names."""
        name = field.name.value
        if name in PASSED_OVER:
            return NOTHING
        types = self._vocabulary.types(name)
        if not types:
            self._refuse("USAGE_UNKNOWN", field, self._vocabulary.unknown_type(name))
        self.roots |= types
        return types

    def _below(self, field: FieldNode, scope: Scope) -> Scope:
        """Where a field of a thing leads."""
        name = field.name.value
        step = self._vocabulary.step(scope, name)
        if step is not None:
            self.uses |= step.uses
            return step.scope
        if name in PASSED_THROUGH:
            return scope
        if name not in PASSED_OVER:
            self._refuse("USAGE_UNKNOWN", field, self._vocabulary.unknown(scope, name))
        return NOTHING

    def _narrow(self, fragment: InlineFragmentNode | FragmentDefinitionNode, scope: Scope | None) -> None:
        """Go on with the type that the fragment is on. What is on the query's own type stays there."""
        condition = fragment.type_condition
        if condition is not None and scope is not None:
            scope = self._vocabulary.types(condition.name.value)
            if not scope:
                self._refuse("USAGE_UNKNOWN", condition, self._vocabulary.unknown_type(condition.name.value))
        self._go(fragment.selection_set.selections, scope)

    def _named_fragment(self, spread: FragmentSpreadNode, scope: Scope | None) -> None:
        name = spread.name.value
        if name not in self._fragments:
            self._refuse("QUERY_INVALID", spread, sentence("There is no fragment {name}.", name=shown(name)))
        elif (name, scope is None) not in self._spread:
            self._spread.add((name, scope is None))
            self._narrow(self._fragments[name], scope)

    def _refuse(self, rule: str, node: Node, message: Sentence) -> None:
        place = get_location(self._source, node.loc.start if node.loc else 0)
        self.violations.append(Violation(rule, "", _placed(place.line, place.column, message)))
