"""The table that a run prints."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import connection

from benchmarks.git import check_version
from benchmarks.measure import Line

HEADINGS = ("OMS", "P50 ms", "P95 ms", "beside", "P50 ms", "P95 ms", "ratio", "aim", "")


def heading() -> str:
    """When and on what this was measured."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgresql = cursor.fetchone()[0].split()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{os.cpu_count()} cores, {memory:.0f} GB"
    software = f"Python {platform.python_version()}, PostgreSQL {postgresql}, {check_version()}"
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine}, {software}"


def table(lines: Sequence[Line]) -> str:
    """Medians and 95th percentiles in milliseconds, and the ratio of the medians."""
    rows = [HEADINGS, *map(_row, lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join(_line(row, widths) for row in rows)


def _row(line: Line) -> tuple[str, ...]:
    aim = "" if line.aim is None else f"≤ {line.aim:g}"
    verdict = "" if line.aim is None else "holds" if line.ratio <= line.aim else "missed"
    ours, peer = line.ours, line.peer
    return (
        ours.name,
        *(f"{1000 * seconds:.2f}" for seconds in (ours.p50, ours.p95)),
        peer.name,
        *(f"{1000 * seconds:.2f}" for seconds in (peer.p50, peer.p95)),
        f"{line.ratio:.2f}",
        aim,
        verdict,
    )


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    numbers = {1, 2, 4, 5, 6}
    cells = (
        cell.rjust(width) if place in numbers else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join(cells).rstrip()
