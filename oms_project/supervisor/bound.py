"""Binds a process to its parent: when the parent ends, however it ends, so does the process.

Also a program, ``python bound.py SIGNAL PARENT COMMAND…``, which binds itself and becomes COMMAND.
It is started by its path with only the standard library, so that it costs a few milliseconds.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence

PR_SET_PDEATHSIG = 1


def bind_to_parent(death_signal: int, parent: int | None = None) -> None:
    """Has the kernel send ``death_signal`` to this process when its parent ends.

    ``parent`` is whom the caller takes for the parent: where it is gone already, this process ends
    at once. Only Linux can do this; elsewhere nothing happens.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, death_signal)
    if parent is not None and os.getppid() != parent:
        sys.exit(1)


def bound(command: Sequence[str], death_signal: signal.Signals) -> list[str]:
    """The command line that runs ``command`` bound to the calling process, under the same process id."""
    return [sys.executable, "-I", "-S", __file__, str(int(death_signal)), str(os.getpid()), *command]


def main() -> None:
    death_signal, parent, *command = sys.argv[1:]
    bind_to_parent(int(death_signal), int(parent))
    os.execvp(command[0], command)  # noqa: S606  becoming the given program is this one's purpose


if __name__ == "__main__":
    main()
