"""``python -m benchmarks.real_merges [FOLDER]``: how real merges come out, beside git's and their maintainers'.

Apart for the merges that git's text merge takes and those that it does not. FOLDER holds packs of merges
as ``../shared/data`` does, which it is by default.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import django

if TYPE_CHECKING:
    from tests.merging.real_merges import Outcome

FOLDER: Final = Path(__file__).resolve().parents[2] / "shared" / "data"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oms_project.settings")
    django.setup()
    from tests.merging.real_merges import load, outcome  # noqa: PLC0415  (it reads the settings)

    cases = load(Path(sys.argv[1]) if sys.argv[1:] else FOLDER)
    sys.stdout.write(f"{table([outcome(case, case.merged()) for case in cases])}\n")


def table(outcomes: "Iterable[Outcome]") -> str:
    """Rates by source and by whether git's text merge takes the merge, and over all."""
    groups: dict[tuple[str, str], list[Outcome]] = {}
    for each in outcomes:
        text_merge = "git fails" if each.git_conflict else "git merges"
        for source in (each.source, "all"):
            for group in (text_merge, "all"):
                groups.setdefault((source, group), []).append(each)
    heading = f"{'source':10} {'text merge':11} {'merges':>6} {'without conflict':>17} {'leaves as kept':>22} dangling"
    return "\n".join([heading, *(_row(source, group, found) for (source, group), found in sorted(groups.items()))])


def _row(source: str, group: str, outcomes: "Sequence[Outcome]") -> str:
    total = Counter[str]()
    for each in outcomes:
        total.update(clean=each.clean, changed=each.changed, kept=each.as_maintainers, dangling=each.dangling)
    clean = f"{total['clean']} ({total['clean'] / len(outcomes):.1%})"
    kept = f"{total['kept']:,} of {total['changed']:,} ({total['kept'] / (total['changed'] or 1):.2%})"
    return f"{source:10} {group:11} {len(outcomes):6} {clean:>17} {kept:>22} {total['dangling']:8}"


if __name__ == "__main__":
    main()
