"""The peer: git, on the same contents with one file per resource."""

import json
import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from history.engine.content import Content, Key

WHO: Final = b"Bench <bench@example.org> 1700000000 +0000"
OLDEST_GIT: Final = (2, 38)
"""The first with ``merge-tree --write-tree``."""


class GitUnsuitable(SystemExit):
    """There is no git that can do the same work."""


def check_version() -> str:
    """What git says of its version. Raises GitUnsuitable where it is too old or not there."""
    try:
        said = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    except OSError as error:
        raise GitUnsuitable("git is not on PATH; the benchmarks measure beside it.") from error
    found = re.search(r"(\d+)\.(\d+)", said)
    if not found or (int(found[1]), int(found[2])) < OLDEST_GIT:
        raise GitUnsuitable(f"The benchmarks need git {OLDEST_GIT[0]}.{OLDEST_GIT[1]} or newer; this is {said!r}.")
    return said


class GitRepository:
    """A bare repository that no configuration of the machine reaches."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
            "GIT_DIR": str(folder),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        self.run("init", "--quiet", "--bare", "--initial-branch=main")

    def run(self, *arguments: str, given: bytes = b"", succeeds: tuple[int, ...] = (0,), **environment: str) -> bytes:
        """What git prints. Raises CalledProcessError unless it exits with one of ``succeeds``."""
        done = subprocess.run(
            ["git", *arguments],
            input=given,
            capture_output=True,
            check=False,
            env={**self._environment, **environment},
        )
        if done.returncode not in succeeds:
            raise subprocess.CalledProcessError(done.returncode, done.args, done.stdout, done.stderr)
        return done.stdout

    def load(self, stream: Iterable[bytes], *options: str) -> None:
        """Feed ``git fast-import``."""
        command = ["git", "fast-import", "--quiet", *options]
        with subprocess.Popen(command, stdin=subprocess.PIPE, env=self._environment) as process:
            assert process.stdin
            process.stdin.writelines(stream)
            process.stdin.close()
            if process.wait():
                raise subprocess.CalledProcessError(process.returncode, command)

    def tidy(self) -> None:
        """Packs, packed refs and the commit graph, as a repository has them that is looked after."""
        self.run("gc", "--quiet")


def commit_stream(branch: str, contents: Mapping[Key, Content | None], start: str = "") -> Iterator[bytes]:
    """A commit of ``contents`` (None is removed) on ``branch``, for :meth:`GitRepository.load`."""
    yield b"commit refs/heads/%s\ncommitter %s\ndata 0\n" % (branch.encode(), WHO)
    if start:
        yield b"from refs/heads/%s^0\n" % start.encode()
    for key, content in contents.items():
        path = path_of(key).encode()
        if content is None:
            yield b"D %s\n" % path
        else:
            body = file_of(content)
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (path, len(body), body)


def path_of(key: Key) -> str:
    return f"{key[0]}/{key[1]}.json"


def key_of(path: str) -> Key:
    kind, _, name = path.removesuffix(".json").partition("/")
    return kind, name


def file_of(content: Content) -> bytes:
    """The content as people keep JSON under git: sorted keys, one member a line."""
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"
