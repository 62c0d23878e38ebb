"""``make bench``: every measurement beside its peer, in one run, as a table of ratios.

``make bench ARGS="growth graphql"`` measures the parts that are named.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.environment import django_with_database
from benchmarks.git import check_version


def main() -> None:
    check_version()
    with tempfile.TemporaryDirectory(prefix="oms-bench-") as name, django_with_database(Path(name)):
        from benchmarks import report, size, store, suite  # noqa: PLC0415  (models can be imported only now)

        parts = sys.argv[1:]
        if unknown := set(parts) - suite.PARTS.keys():
            raise SystemExit(f"There is no {', '.join(sorted(unknown))}; there are {', '.join(suite.PARTS)}.")
        lines = list(suite.lines(store.alice(), size.Size(), Path(name), parts))
        print(report.heading(), report.table(lines), sep="\n\n")


if __name__ == "__main__":
    main()
