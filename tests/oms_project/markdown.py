"""Reads the documentation as its tests look at it."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)
IDENTIFIER = re.compile(r"`([^`]+)`")

Table = list[list[str]]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def prose(text: str) -> str:
    return FENCED.sub("", text)


def sections(name: str) -> dict[str, str]:
    """The text below each heading, up to the next one."""
    text = prose(page(name))
    headings = list(HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings[1:]), len(text)]
    return {heading[2]: text[heading.end() : end] for heading, end in zip(headings, ends, strict=True)}


def tables(section: str) -> list[Table]:
    """The cells of each table, without its head."""
    blocks = re.findall(r"(?:^\|.*\n)+", section + "\n", re.MULTILINE)
    return [[[cell.strip() for cell in row[1:-1].split("|")] for row in block.splitlines()[2:]] for block in blocks]


def table(name: str, heading: str, place: int = 0) -> Table:
    return tables(sections(name)[heading])[place]


def names(cell: str) -> list[str]:
    return IDENTIFIER.findall(cell)


def first_names(rows: Table) -> list[str]:
    return [names(row[0])[0] for row in rows]


def fenced(name: str, language: str) -> list[str]:
    """The examples in a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page(name), re.MULTILINE | re.DOTALL)
