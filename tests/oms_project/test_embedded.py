"""The servers that OMS brings along: made once, started again after any end, closed to others."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from oms_project.embedded import binaries, postgres
from oms_project.embedded.binaries import ServerUnavailable, postgres_major, postgres_programs
from oms_project.embedded.folders import data_folder, private_folder
from oms_project.embedded.identity import ways_of_root
from oms_project.embedded.paths import EmbeddedPaths
from oms_project.embedded.postgres import Postgres
from oms_project.embedded.valkey import Valkey
from oms_project.environment import ConfigurationError
from tests.servers import running


@pytest.fixture
def paths(short_folder: Path) -> EmbeddedPaths:
    return EmbeddedPaths.under(short_folder)


@pytest.fixture
def server(paths: EmbeddedPaths) -> Postgres:
    return Postgres(paths.postgres_data, paths.sockets, durable=False)


def ask(server: Postgres, query: str, user: str = "oms") -> list[tuple[object, ...]]:
    with psycopg.connect(host=str(server.sockets), user=user, dbname="oms") as connection:
        return connection.execute(query).fetchall()


def test_the_data_outlives_the_server(server: Postgres) -> None:
    with running(server), psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept (x int)")
    with running(server):
        assert ask(server, "SELECT count(*) FROM kept") == [(0,)]


def test_the_role_is_no_superuser_and_the_text_is_unicode(server: Postgres) -> None:
    with running(server):
        assert ask(server, "SELECT rolsuper, rolcreatedb FROM pg_roles WHERE rolname = 'oms'") == [(False, True)]
        assert ask(server, "SHOW server_encoding") == [("UTF8",)]


def test_no_port_is_open_and_nobody_else_may_enter(server: Postgres, paths: EmbeddedPaths) -> None:
    with running(server), running(Valkey(paths.valkey_data, paths.valkey_socket)):
        assert ask(server, "SHOW listen_addresses") == [("",)]
        with redis.Redis(unix_socket_path=str(paths.valkey_socket), decode_responses=True) as client:
            assert client.config_get("port") == {"port": "0"}
        folders = (paths.sockets, paths.postgres_data, paths.valkey_data)
        assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700] * 3


def test_over_tcp_both_ask_for_the_password(server: Postgres, paths: EmbeddedPaths, port: int, other_port: int) -> None:
    open_postgres = Postgres(server.data, server.sockets, durable=False, port=port)
    open_valkey = Valkey(paths.valkey_data, paths.valkey_socket, port=other_port, password='pa"ss')
    with running(open_postgres), running(open_valkey):
        open_postgres.set_password("pa'ss")

        psycopg.connect(f"postgresql://oms:pa'ss@127.0.0.1:{port}/oms").close()
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://oms:wrong@127.0.0.1:{port}/oms")
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/oms")
        with redis.Redis(port=other_port, password='pa"ss') as client:
            assert client.ping()
        with redis.Redis(port=other_port) as client, pytest.raises(redis.AuthenticationError):
            client.ping()


def test_what_a_killed_server_left_does_not_hinder_the_next(server: Postgres) -> None:
    with running(server):
        pass
    (server.data / "postmaster.pid").write_text(f"1\n{server.data}\n1700000000\n5432\n{server.sockets}\n\n")
    (server.sockets / ".s.PGSQL.5432").touch()
    (server.sockets / ".s.PGSQL.5432.lock").write_text("1\n")

    server.forget_previous_run()

    with running(server):
        assert ask(server, "SELECT 1") == [(1,)]


def test_a_crash_while_the_cluster_is_made_leaves_no_half_of_it(
    server: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(postgres, "_run", failing_after(1, postgres._run))
        with pytest.raises(KeyboardInterrupt):
            server.prepare()
    assert not server.data.exists()
    abandoned = server.data.with_name("postgres-killed.new")
    abandoned.mkdir()

    with running(server):
        assert ask(server, "SELECT 1") == [(1,)]
    assert not abandoned.exists()


def failing_after(calls: int, run: Callable[..., None]) -> Callable[..., None]:
    """``run``, interrupted at the call after ``calls`` of them."""
    left = iter([True] * calls)

    def interrupted(*arguments: Any, **options: Any) -> None:
        if not next(left, False):
            raise KeyboardInterrupt
        run(*arguments, **options)

    return interrupted


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
@pytest.mark.parametrize("number", [0, 1])
def test_root_has_two_ways_to_run_it(server: Postgres, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    way = ways_of_root()[number]
    monkeypatch.setattr(postgres, "unprivileged", lambda: way)

    with running(server):
        assert ask(server, "SELECT 1") == [(1,)]
        assert server.data.stat().st_uid == way.owner


def test_data_is_served_by_the_version_that_made_it(server: Postgres) -> None:
    made_by = postgres_major(postgres_programs())
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("9\n")

    with pytest.raises(ServerUnavailable, match="PostgreSQL 9, which made the data, is not on this machine"):
        server.command()
    (server.data / "PG_VERSION").write_text(f"{made_by}\n")
    assert server.command()[0] == str(postgres_programs(made_by) / "postgres")


def test_the_systems_own_programs_are_the_last_resort(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    valkey = tmp_path / "redis-server"
    valkey.touch(mode=0o700)
    monkeypatch.setattr(binaries, "_wheel", lambda _package: [])
    monkeypatch.setenv("PATH", str(tmp_path))

    assert binaries.valkey_program() == valkey
    valkey.unlink()
    with pytest.raises(ServerUnavailable, match="Valkey is not on this machine; name a Redis in OMS_REDIS_URL"):
        binaries.valkey_program()


def test_a_long_path_moves_the_sockets_where_they_fit(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 30)

    sockets = EmbeddedPaths.under(deep).sockets

    assert len(os.fsencode(sockets / ".s.PGSQL.5432.lock")) < 100
    assert sockets != EmbeddedPaths.under(tmp_path / ("other" * 30)).sockets


def test_generated_secrets_are_kept_for_their_owner_alone(paths: EmbeddedPaths) -> None:
    key, password = paths.keep_secret_key(), paths.keep_demo_password()

    assert (paths.keep_secret_key(), paths.secret_key(), paths.keep_demo_password()) == (key, key, password)
    assert {stat.S_IMODE(file.stat().st_mode) for file in (paths.secret_key_file, paths.demo_password_file)} == {0o600}


def test_a_folder_of_somebody_else_or_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigurationError, match=r"OMS_DATA_DIR .*file/var cannot be made a folder: Not a directory"):
        data_folder(tmp_path / "file" / "var")
    (tmp_path / "link").symlink_to(tmp_path)
    with pytest.raises(ConfigurationError, match="must be a folder of this user"):
        private_folder(tmp_path / "link")
