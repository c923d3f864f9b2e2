from __future__ import annotations

from random import Random

from stillwatch.ranges.ledger import Label
from stillwatch.ranges.pools.customers import customers
from stillwatch.ranges.world import World
from tests.ranges.reading import Log


def test_every_exchange_asked_for_is_an_errand(world: World) -> None:
    errands = customers(world, Random(1), Label("pool_customer"), 120)
    assert len(errands) == 120
    assert len({id(e.chat) for e in errands}) > 20


def test_conversations_hop_between_accounts_with_their_history(incident_log: Log) -> None:
    issued: dict[str, str] = {}
    hops = 0
    for row in incident_log.of("pool_customer"):
        for message in row["messages"]:
            if message["role"] == "assistant":
                hops += issued[message["content"]] != row["account_id"]
        if row["output"]:
            issued[row["output"]] = row["account_id"]
    assert hops > 50
