"""The servers that tests run on are their own, and leave nothing behind."""

import socket
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.servers.postgresql import PostgreSQL
from tests.servers.redis import Redis


def test_a_cloned_database_has_its_templates_tables_and_shares_no_rows(
    postgresql: PostgreSQL,
) -> None:
    def rows(database: str, statement: str) -> list[tuple[int]]:
        address = postgresql.url(database).replace("+psycopg", "")
        with psycopg.connect(address, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    template = postgresql.create_database()
    rows(template, "CREATE TABLE visits (number int)")
    first, second = (postgresql.create_database(template=template) for _ in range(2))
    rows(first, "INSERT INTO visits VALUES (1)")

    assert rows(first, "SELECT number FROM visits") == [(1,)]
    assert rows(second, "SELECT number FROM visits") == []


def test_nobody_reaches_the_postgresql_server_over_a_network(postgresql: PostgreSQL) -> None:
    with psycopg.connect(postgresql.url("postgres").replace("+psycopg", "")) as connection:
        listening = connection.execute("SHOW listen_addresses").fetchone()

    assert listening == ("",)


def test_a_stopped_postgresql_is_gone_with_its_folder() -> None:
    server = PostgreSQL()
    server.start()
    url = server.url("postgres").replace("+psycopg", "")
    folder = Path(url.partition("host=")[2])
    assert folder.exists()

    server.stop()

    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_stopped_redis_answers_no_more() -> None:
    server = Redis()
    server.start()
    port = urlsplit(server.url).port
    socket.create_connection(("127.0.0.1", port or 0)).close()

    server.stop()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port or 0))
