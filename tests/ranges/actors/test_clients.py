from __future__ import annotations

from stillwatch.ranges.actors import clients
from stillwatch.ranges.actors.clients import CLIENTS, client, column, opaque


def test_header_order_follows_the_sdk_and_tls_the_runtime() -> None:
    one = client("OpenAI/Python 2.1.0", "python/2.1.0 (CPython 3.11.7)", "a")
    two = client("OpenAI/Python 2.2.0", "python/2.2.0 (CPython 3.12.1)", "b")
    assert one.header_hash == two.header_hash and one.ja4 != two.ja4
    shown = {CLIENTS[i].header_hash for i in (*clients.SDK, *clients.BROWSER)}
    assert CLIENTS[clients.RELAY[0]].header_hash not in shown


def test_an_opaque_token_is_stable_and_depends_on_every_part() -> None:
    assert opaque("a", 1) == opaque("a", 1) != opaque("a", 2)
    assert opaque("ab", "c") != opaque("a", "bc")
    assert len(opaque("a", length=12)) == 12


def test_every_program_has_a_number_and_a_field_in_each_column() -> None:
    for name in ("user_agent", "sdk", "header_hash", "ja4", "api"):
        assert column(name).to_pylist() == [getattr(c, name) for c in CLIENTS]
    assert len(set(CLIENTS)) == len(CLIENTS)


def test_relays_run_programs_that_honest_servers_run_too() -> None:
    assert len(set(clients.RELAY) & set(clients.SERVER)) == 4


def test_each_program_speaks_one_api() -> None:
    assert {CLIENTS[i].api for i in clients.BROWSER} == {"responses"}
    assert {CLIENTS[i].api for i in clients.AGENT} == {"messages"}
    assert {CLIENTS[i].api for i in clients.SDK} == {"chat", "messages"}
