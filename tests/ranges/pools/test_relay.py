from __future__ import annotations

from collections import Counter
from random import Random

import pytest

from stillwatch.ranges.artefacts import SDK_CLIENTS
from stillwatch.ranges.chat import Chat
from stillwatch.ranges.ledger import Label
from stillwatch.ranges.pools.relay import SCHEDULES, Errand, Relay
from stillwatch.ranges.prose import Topic
from stillwatch.ranges.world import World

LABEL = Label("cot_harvest", "test", "reasoning_elicitation")


def pool(world: World, schedule: str, accounts: int = 8, **options: object) -> Relay:
    settings = {"failure": 0.0} | options
    return Relay(world, Random(3), LABEL, "operator", schedule, **settings).staff(accounts)  # type: ignore[arg-type]


def send(world: World, relay: Relay, count: int = 80, gap: float = 60.0) -> list[dict[str, object]]:
    topic = Topic.draw(Random(1), "en")
    errands = [
        Errand(i * gap, "k", Chat(world, LABEL, topic, {}), lambda r: (topic.request(r), "said", {}), LABEL)
        for i in range(count)
    ]
    relay.run(errands)
    rows: list[dict[str, object]] = world.ledger.exchanges().to_pylist()
    return rows


def test_strict_turns_are_exactly_even(world: World) -> None:
    used = Counter(r["account_id"] for r in send(world, pool(world, "round_robin")))
    assert set(used.values()) == {10}


def test_random_choice_is_uneven_and_reaches_everybody(world: World) -> None:
    used = Counter(r["account_id"] for r in send(world, pool(world, "random")))
    assert len(used) == 8 and max(used.values()) > min(used.values())


def test_a_sticky_key_stays_an_hour_then_moves_to_the_least_recently_used(world: World) -> None:
    rows = send(world, pool(world, "sticky"), count=180)
    runs = [rows[0]["account_id"]]
    for row in rows:
        if row["account_id"] != runs[-1]:
            runs.append(row["account_id"])
    assert len(runs) == len(set(runs)) == 3


def test_fill_first_burns_one_account_after_another(world: World) -> None:
    relay = pool(world, "fill_first", bans=3)
    rows = send(world, relay, count=400, gap=600.0)
    order = list(dict.fromkeys(r["account_id"] for r in rows))
    assert len(order) == 4
    banned = [a for a in world.accounts.values() if a.table["status"] == "suspended"]
    assert {a.account_id for a in banned} == set(order[:3])
    assert len(world.accounts) == 8 + 3
    for account in banned:
        own = [r for r in rows if r["account_id"] == account.account_id]
        served = [r["time"] for r in own if r["status"] == 200]
        assert max(served) <= account.table["status_at"] < own[-1]["time"]  # type: ignore[type-var]
        assert own[-1]["status"] == 403


def test_a_refused_request_goes_to_another_account_at_once(world: World) -> None:
    rows = send(world, pool(world, "random", failure=1.0))
    gaps = []
    for first, second in zip(rows[::2], rows[1::2], strict=True):
        assert first["status"] != 200 and second["status"] == 200
        assert first["messages"] == second["messages"]
        assert first["account_id"] != second["account_id"]
        gaps.append((second["time"] - first["time"]).total_seconds())  # type: ignore[operator]
    assert 0.05 < sorted(gaps)[40] < 0.3


def test_one_client_print_over_an_address_for_each_account(world: World) -> None:
    rows = send(world, pool(world, "round_robin"))
    assert len({(r["user_agent"], r["header_hash"], r["ja4"]) for r in rows}) == 1
    assert len({r["ip"] for r in rows}) == 8
    assert all(len({r["ip"] for r in rows if r["account_id"] == a}) == 1 for a in world.accounts)


def test_shared_egress_shows_several_accounts_on_one_connection(world: World) -> None:
    rows = send(world, pool(world, "round_robin", egress="shared"))
    assert len({r["ip"] for r in rows}) == 1
    assert len({r["conn_id"] for r in rows}) < 8


def test_rotating_egress_changes_address(world: World) -> None:
    rows = send(world, pool(world, "fill_first", egress="rotating"))
    assert len({r["ip"] for r in rows}) > 3
    assert {r["ip_class"] for r in rows} <= {"residential", "mobile"}


def test_a_relay_that_passes_prints_shows_its_customers(world: World) -> None:
    topic = Topic.draw(Random(1), "en")
    relay = pool(world, "round_robin", passes_prints=True)
    clients = (SDK_CLIENTS[0], SDK_CLIENTS[-1])
    relay.run(
        Errand(
            float(i), "k", Chat(world, LABEL, topic, {}), lambda r: ("ask", "said", {}), LABEL, clients[i % 2]
        )
        for i in range(8)
    )
    assert {r["user_agent"] for r in world.ledger.exchanges().to_pylist()} == {c.user_agent for c in clients}


def test_an_unknown_schedule_names_those_that_exist(world: World) -> None:
    with pytest.raises(ValueError, match=SCHEDULES[0]):
        pool(world, "psychic")
