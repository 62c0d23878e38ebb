"""Documents as text: JSON, or the part of YAML that means the same as JSON everywhere."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import yaml

from gateway.engine import strict_json
from gateway.engine.sentences import Sentence, phrase, sentence
from gateway.engine.strict_json import MAX_DEPTH
from gateway.exceptions import FieldError
from ontology.exceptions import DocumentMalformed

# The plain scalars of YAML 1.2's core schema that are not text; what YAML 1.1 adds (yes, 1_000,
# 12:30, 2027-01-01) stays text.
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_PLAIN: tuple[tuple[re.Pattern[str], Callable[[str], Any]], ...] = (
    (re.compile(r"|~|null|Null|NULL"), lambda _: None),
    (re.compile(r"true|True|TRUE"), lambda _: True),
    (re.compile(r"false|False|FALSE"), lambda _: False),
    (re.compile(r"[-+]?[0-9]{1,4000}"), int),
    (_NUMBER, float),
)

_NO_ALIASES = phrase("Anchors and aliases are not read; write the value out")


MAX_VALUES: Final = 1_000_000
"""How many values a text may stand for, those behind its aliases counted wherever they are meant."""


def read(text: str, *, foreign: bool = False) -> Any:
    """The value that ``text`` holds: JSON where it begins with a brace, else YAML.

    Raises DocumentMalformed: keys must be text and differ, anchors and tags are not read. ``foreign`` text
    was written for other readers: its anchors, aliases and merge keys are followed, up to
    :data:`MAX_VALUES`, and a key that is no text is the text that stands there.
    """
    return read_json(text) if text.lstrip("\ufeff \t\r\n").startswith("{") else _yaml(text, foreign=foreign)


def write_yaml(value: Any) -> bytes:
    """``value`` as YAML that reads the same here and by YAML 1.1; equal values have equal bytes."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=True, allow_unicode=True, encoding="utf-8", width=1_000_000)


def read_json(text: str) -> Any:
    """The value that ``text`` of JSON holds. Raises DocumentMalformed."""
    try:
        return strict_json.loads(text.lstrip("\ufeff").encode("utf-8", "surrogatepass"))
    except strict_json.JSONRefused as refusal:
        raise _malformed(refusal.rule, refusal.message, refusal.pointer or "") from refusal


def _yaml(text: str, *, foreign: bool) -> Any:
    reader = _ForeignReader() if foreign else _Reader()
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        reason, place = str(error.problem), _place(error.problem_mark)
        message = sentence("The text is not YAML: {reason}{place}.", reason=reason, place=place)
        raise _malformed("NOT_YAML", message) from error
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        message = sentence("The text is not YAML: {reason}{place}.", reason=str(error), place="")
        raise _malformed("NOT_YAML", message) from error
    if len(reader.documents) != 1:
        message = sentence("The text holds {number} documents instead of one.", number=len(reader.documents))
        raise _malformed("NOT_ONE_DOCUMENT", message)
    return reader.documents[0]


@dataclass
class _Open:
    """A list or an object that is not closed, and the key under which an object's next value stands."""

    container: list[Any] | dict[str, Any]
    key: str | None = None

    @property
    def expects_key(self) -> bool:
        return isinstance(self.container, dict) and self.key is None


class _Reader:
    """Builds values from the events of a parser, without recursion and without anchors and tags."""

    def __init__(self) -> None:
        self.documents: list[Any] = []
        self._open: list[_Open] = []

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.AliasEvent():
                raise _refused("ALIAS", _NO_ALIASES, event)
            case yaml.ScalarEvent():
                self._scalar(event)
            case yaml.MappingStartEvent():
                self._start({}, event)
            case yaml.SequenceStartEvent():
                self._start([], event)
            case yaml.CollectionEndEvent():
                self._end()

    def _end(self) -> None:
        self._open.pop()

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._check_unadorned(event)
        value = _plain(event.value) if event.implicit[0] else event.value
        if self._open and self._open[-1].expects_key:
            self._name(value, event)
        else:
            self._add(value)

    def _start(self, container: list[Any] | dict[str, Any], event: yaml.CollectionStartEvent) -> None:
        self._check_unadorned(event)
        if len(self._open) == MAX_DEPTH:
            raise _refused("TOO_DEEP", phrase("The text nests deeper than {limit} levels", limit=MAX_DEPTH), event)
        if self._open and self._open[-1].expects_key:
            raise _refused("KEY_NOT_TEXT", phrase("A key must be text"), event)
        self._add(container)
        self._open.append(_Open(container))

    def _name(self, key: Any, event: yaml.ScalarEvent) -> None:
        inmost = self._open[-1]
        if not isinstance(key, str):
            clause = phrase("The key {key} is not text; put it in quotes", key=repr(event.value))
            raise _refused("KEY_NOT_TEXT", clause, event)
        if key in inmost.container:
            clause = phrase("The object holds the key {key} more than once", key=repr(key))
            raise _refused("DUPLICATE_KEY", clause, event)
        inmost.key = key

    def _add(self, value: Any) -> None:
        if not self._open:
            self.documents.append(value)
            return
        match self._open[-1]:
            case _Open(list() as items):
                items.append(value)
            case _Open(dict() as members, str(key)) as inmost:
                members[key] = value
                inmost.key = None

    def _check_unadorned(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.anchor is not None:
            raise _refused("ALIAS", _NO_ALIASES, event)
        if event.tag not in (None, "!"):
            raise _refused("TAG", phrase("The tag {tag} is not read", tag=event.tag), event)


@dataclass(frozen=True)
class _Anchored:
    """A value with a name, how many values it holds with itself, and how deep it nests."""

    value: Any
    size: int
    depth: int


class _ForeignReader(_Reader):
    """Follows aliases as well. Values are shared between the places where they are meant, never copied."""

    def __init__(self) -> None:
        super().__init__()
        self._anchored: dict[str, _Anchored] = {}
        self._measures: list[list[Any]] = [[None, 0, 0]]

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._alias(event)
        else:
            super().take(event)

    def _alias(self, event: yaml.AliasEvent) -> None:
        name = event.anchor or ""
        found = self._anchored.get(name)
        if found is None:
            clause = phrase("The alias {alias} stands for nothing that was written before", alias=name)
            raise _refused("ALIAS", clause, event)
        if len(self._open) + found.depth > MAX_DEPTH:
            raise _refused("TOO_DEEP", phrase("The text nests deeper than {limit} levels", limit=MAX_DEPTH), event)
        if self._open and self._open[-1].expects_key:
            raise _refused("KEY_NOT_TEXT", phrase("A key must be text"), event)
        self._count(found.size, found.depth, event)
        self._add(found.value)

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._count(1, 0, event)
        if self._open and self._open[-1].expects_key:
            self._check_unadorned(event)
            self._name(event.value, event)
        else:
            super()._scalar(event)
        if event.anchor is not None:
            value = _plain(event.value) if event.implicit[0] else event.value
            self._anchored[event.anchor] = _Anchored(value, 1, 0)

    def _start(self, container: list[Any] | dict[str, Any], event: yaml.CollectionStartEvent) -> None:
        super()._start(container, event)
        self._measures.append([event.anchor, 1, 1])

    def _end(self) -> None:
        ended = self._open.pop()
        anchor, size, depth = self._measures.pop()
        if anchor is not None:
            self._anchored[anchor] = _Anchored(ended.container, size, depth)
        self._measures[-1][1] += size
        self._measures[-1][2] = max(self._measures[-1][2], depth + 1)
        if isinstance(ended.container, dict):
            _merge(ended.container)

    def _count(self, size: int, depth: int, event: yaml.Event) -> None:
        self._measures[-1][1] += size
        self._measures[-1][2] = max(self._measures[-1][2], depth + 1)
        if sum(each[1] for each in self._measures) > MAX_VALUES:
            raise _refused("TOO_LARGE", phrase("The text stands for more than {limit} values", limit=MAX_VALUES), event)

    def _check_unadorned(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.tag not in (None, "!"):
            raise _refused("TAG", phrase("The tag {tag} is not read", tag=event.tag), event)


def _merge(members: dict[str, Any]) -> None:
    """What a merge key (YAML 1.1) brings in, where the object does not say it itself."""
    merged = members.get("<<")
    given = merged if isinstance(merged, list) else [merged]
    sources = [source for source in given if isinstance(source, dict)]
    if sources and len(sources) == len(given):
        del members["<<"]
        for source in sources:
            for key, value in source.items():
                members.setdefault(key, value)


def _plain(text: str) -> Any:
    """What a scalar without quotes stands for."""
    return next((value(text) for form, value in _PLAIN if form.fullmatch(text)), text)


def _refused(rule: str, clause: Sentence, event: yaml.Event) -> DocumentMalformed:
    return _malformed(rule, sentence("{clause}{place}.", clause=clause, place=_place(event.start_mark)))


def _place(mark: Any) -> str:
    """Where a parser's mark points, as the end of a sentence."""
    return phrase(" (line {line}, column {column})", line=mark.line + 1, column=mark.column + 1) if mark else ""


def _malformed(rule: str, message: Sentence, path: str = "") -> DocumentMalformed:
    return DocumentMalformed(message, errors=[FieldError(f"/document{path}", rule, message)])


class _Dumper(yaml.CSafeDumper):
    """Puts quotes around text that this reader or one of YAML 1.1 would take for something else."""


_Dumper.add_implicit_resolver(
    "tag:yaml.org,2002:float#core", re.compile(rf"(?:{_NUMBER.pattern})\Z"), list("-+.0123456789")
)
