"""Real processes, each with a database connection of its own."""

import multiprocessing
from collections.abc import Callable, Sequence
from typing import Any

import django
from django.db import connection

django.setup()

TIMEOUT = 120

server = multiprocessing.get_context("forkserver")
server.set_forkserver_preload(["tests.processes", "tests.factories", "oms_project.urls", "pytest", "tests.forked"])
"""Everything starts once; the processes are forked off what has started."""


def at_once(work: Callable[[Any], Any], arguments: Sequence[Any]) -> list[Any]:
    """What ``work`` gave or raised for each of ``arguments``, each in a process, all started at the same moment.

    ``work`` is a function of a module; the tests that use this need a database that commits.
    """
    start, results = server.Barrier(len(arguments)), server.Queue()
    database = connection.settings_dict["NAME"]
    children = [
        server.Process(target=_run, args=(database, start, results, place, work, argument))
        for place, argument in enumerate(arguments)
    ]
    for child in children:
        child.start()
    found = dict(results.get(timeout=TIMEOUT) for _ in children)
    for child in children:
        child.join(TIMEOUT)
    return [found[place] for place in range(len(arguments))]


def exit_code_of(work: Callable[[Any], Any], argument: Any) -> int | None:
    """How a process ends that calls ``work``: minus the number of the signal where one has killed it."""
    child = server.Process(target=_call, args=(connection.settings_dict["NAME"], work, argument))
    child.start()
    child.join(TIMEOUT)
    return child.exitcode


def _call(database: str, work: Callable[[Any], Any], argument: Any) -> None:
    connection.settings_dict["NAME"] = database
    work(argument)


def _run(database: str, start: Any, results: Any, place: int, work: Callable[[Any], Any], argument: Any) -> None:
    connection.settings_dict["NAME"] = database
    try:
        connection.ensure_connection()
        start.wait(TIMEOUT)
        results.put((place, work(argument)))
    except Exception as error:  # noqa: BLE001 - whatever it is, the test judges it
        results.put((place, repr(error)))
    finally:
        connection.close()
