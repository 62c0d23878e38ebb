"""The SQL expressions that defaults and checks are mostly made of, as PostgreSQL writes them back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_TOKEN: Final = re.compile(
    r"""\s*(?:
      (?P<text>[eE]?'(?:[^']|'')*') | (?P<number>\d+(?:\.\d*)?(?:[eE][-+]?\d+)?) |
      (?P<name>"(?:[^"]|"")+"|[^\W\d][\w$]*) |
      (?P<mark>::|<=|>=|<>|~\*|!~|[-+*/%<>=~()\[\],.])
    )""",
    re.VERBOSE,
)
_COMPARISONS: Final = frozenset({"=", "<", ">", "<=", ">=", "<>", "~"})
_DEEPEST: Final = 50


class NotPlain(ValueError):
    """The expression is none of those that are read here."""


@dataclass(frozen=True)
class Literal:
    """A constant: a number, a text, a boolean or None for NULL."""

    value: str | Decimal | bool | None


@dataclass(frozen=True)
class Name:
    name: str


@dataclass(frozen=True)
class Call:
    """A function with its name in lower case."""

    name: str
    arguments: Sequence["Expression"]


@dataclass(frozen=True)
class Items:
    """An array."""

    items: Sequence["Expression"]


@dataclass(frozen=True)
class Comparison:
    """``operator`` is one of SQL's, or ``any`` where the left side is one of the items on the right."""

    left: "Expression"
    operator: str
    right: "Expression"


@dataclass(frozen=True)
class All:
    """Conditions that hold together."""

    conditions: Sequence["Expression"]


Expression = Literal | Name | Call | Items | Comparison | All


def parse(text: str) -> Expression:
    """The expression in ``text``, without the casts in it. Raises NotPlain."""
    reader = _Reader(_tokens(text))
    found = reader.conjunction()
    reader.end()
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    """(sort, lexeme) of ``text``; names without quotes are in lower case."""
    tokens, place, text = list[tuple[str, str]](), 0, text.strip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None or found.lastgroup is None:
            raise NotPlain(text)
        tokens.append((found.lastgroup, found[found.lastgroup]))
        place = found.end()
    return tokens


class _Reader:
    """Reads one expression from its tokens, by recursive descent."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0

    def conjunction(self) -> Expression:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotPlain
        conditions = [self._condition()]
        while self._takes("and"):
            conditions.append(self._condition())
        self._depth -= 1
        if len(conditions) == 1:
            return conditions[0]
        flat = [each.conditions if isinstance(each, All) else [each] for each in conditions]
        return All([each for group in flat for each in group])

    def end(self) -> None:
        if self._place < len(self._tokens):
            raise NotPlain

    def _condition(self) -> Expression:
        left = self._operand()
        operator = self._peek()
        if operator not in _COMPARISONS:
            return left
        self._place += 1
        if operator == "=" and self._takes("any"):
            self._needs("(")
            right = self.conjunction()
            self._needs(")")
            return Comparison(left, "any", self._casts(right))
        return Comparison(left, operator, self._operand())

    def _operand(self) -> Expression:
        return self._casts(self._primary())

    def _primary(self) -> Expression:
        sort, lexeme = self._next()
        if lexeme == "(":
            inner = self.conjunction()
            self._needs(")")
            return inner
        if lexeme == "-":
            return _negative(self._operand())
        match sort:
            case "text":
                return Literal(_unquoted(lexeme))
            case "number":
                return Literal(Decimal(lexeme))
            case "name":
                return self._named(lexeme)
        raise NotPlain

    def _named(self, lexeme: str) -> Expression:
        word = lexeme.lower()
        if word in ("true", "false"):
            return Literal(word == "true")
        if word == "null":
            return Literal(None)
        if word == "array":
            return Items(self._list("[", "]"))
        if self._peek() == "(":
            return Call(word, self._list("(", ")"))
        return Name(lexeme[1:-1].replace('""', '"') if lexeme.startswith('"') else lexeme)

    def _list(self, opening: str, closing: str) -> list[Expression]:
        self._needs(opening)
        items: list[Expression] = []
        while not self._takes(closing):
            if items:
                self._needs(",")
            items.append(self.conjunction())
        return items

    def _casts(self, value: Expression) -> Expression:
        """``value``, past the types that it is cast to."""
        while self._takes("::"):
            if self._next()[0] != "name":
                raise NotPlain
            while self._takes("."):
                self._next()
            for further in (("varying",), ("precision",), ("with", "time", "zone"), ("without", "time", "zone")):
                if self._takes(further[0]):
                    self._needs(*further[1:])
            if self._peek() == "(":
                self._list("(", ")")
            while self._takes("["):
                self._needs("]")
        return value

    def _peek(self) -> str:
        if self._place == len(self._tokens):
            return ""
        sort, lexeme = self._tokens[self._place]
        return lexeme.lower() if sort == "name" else lexeme

    def _next(self) -> tuple[str, str]:
        if self._place == len(self._tokens):
            raise NotPlain
        self._place += 1
        return self._tokens[self._place - 1]

    def _takes(self, lexeme: str) -> bool:
        taken = self._peek() == lexeme
        self._place += taken
        return taken

    def _needs(self, *tokens: str) -> None:
        for lexeme in tokens:
            if not self._takes(lexeme):
                raise NotPlain


def _unquoted(lexeme: str) -> str:
    """The text that stands in quotes; behind an E backslashes are doubled, as PostgreSQL writes it."""
    _, _, text = lexeme[:-1].partition("'")
    text = text.replace("''", "'")
    return text.replace("\\\\", "\\") if lexeme[0] in "eE" else text


def _negative(value: Expression) -> Expression:
    if isinstance(value, Literal) and isinstance(value.value, Decimal):
        return Literal(-value.value)
    raise NotPlain
