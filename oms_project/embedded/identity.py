"""Who runs PostgreSQL, which refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from oms_project.embedded.binaries import ServerUnavailable


@dataclass(frozen=True)
class Identity:
    """How to start a program as somebody who is not root."""

    prefix: tuple[str, ...]
    """What stands before the program and its arguments."""
    owner: int
    """The user, as seen from outside, who must own the program's files."""

    def own(self, folder: Path) -> None:
        """Hands ``folder`` over, where it was made under another identity."""
        if folder.stat().st_uid == self.owner:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.owner, -1, follow_symlinks=False)


@cache
def unprivileged() -> Identity:
    """This process' own identity, or for root the first way that this machine allows."""
    if os.geteuid() != 0:
        return Identity(prefix=(), owner=os.geteuid())
    for way in ways_of_root():
        if _allowed(way):
            return way
    raise ServerUnavailable("PostgreSQL does not run as root here; start as an ordinary user or set OMS_DATABASE_URL.")


def ways_of_root() -> list[Identity]:
    """A user namespace, which leaves the files root's. Containers often forbid it: then another user with the
    one capability to reach programs and data in folders that are root's, or without it.
    """
    nobody = pwd.getpwnam("nobody")
    demoted = ("setpriv", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups")
    reaching = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
    return [
        Identity(("unshare", "--user", "--map-user=1000"), owner=0),
        Identity((*demoted, *reaching), owner=nobody.pw_uid),
        Identity(demoted, owner=nobody.pw_uid),
    ]


def _allowed(identity: Identity) -> bool:
    if shutil.which(identity.prefix[0]) is None:
        return False
    return subprocess.run([*identity.prefix, "true"], capture_output=True, check=False).returncode == 0
