"""Every command of the README's walk runs as printed, and answers what is printed."""

import os
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parent.parent.parent
BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
END = "--- end of the step ---"
PASSWORD = "steep-grind-bloom"


@dataclass
class Step:
    command: str
    output: list[str] = field(default_factory=list)


def steps_of(text: str) -> list[Step]:
    """The commands of all console blocks, with what is printed below each."""
    steps: list[Step] = []
    for block in BLOCK.findall(text):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append(Step(line[2:]))
            elif line.startswith("> ") and not steps[-1].output:
                steps[-1].command += "\n" + line[2:]
            else:
                steps[-1].output.append(line)
    return steps


def outputs_of(steps: list[Step], environment: dict[str, str]) -> list[str]:
    """What each command prints when all are typed into one shell."""
    script = "".join(f"{step.command}\necho '{END}'\n" for step in steps)
    done = subprocess.run(
        ["bash"],
        input=script,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.split(f"{END}\n")[: len(steps)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_the_readme_walk_answers_what_is_printed(live_server: Any) -> None:
    call_command("load_demo", password=PASSWORD)
    steps = steps_of((ROOT / "README.md").read_text(encoding="utf-8"))
    outputs = outputs_of(steps, {"OMS": live_server.url, "OMS_DEMO_PASSWORD": PASSWORD})
    printed = [(step.command, "\n".join(step.output)) for step in steps]
    answered = [(step.command, output.strip("\n")) for step, output in zip(steps, outputs, strict=True)]
    assert answered == printed
    assert len(steps) > 15
