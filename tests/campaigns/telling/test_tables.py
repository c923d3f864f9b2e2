"""The tables of the contract: every workload, every attributed exchange, every account."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from stillwatch.campaigns.model import Member
from stillwatch.campaigns.telling.tables import (
    ACCOUNTS,
    account_table,
    exchange_table,
    workload_id,
    workload_table,
)
from stillwatch.intents import Label
from stillwatch.intents.labels import LANES
from stillwatch.report.writers import ACCOUNTS_SCHEMA
from stillwatch.workloads import CELLS
from stillwatch.workloads.describe import PUBLIC_USERS
from tests.campaigns.makers import TEMPLATE, names, numbers, sent, traffic, work
from tests.report import makers

NOBODY = np.zeros(0, dtype=np.int64)
CELL = CELLS + 77


def rows() -> list[dict]:
    """Return one form of many users, one of few, and free talk."""
    made = work(names("a", PUBLIC_USERS), 3, code_share=0.9) + work(names("b", 3), 5, 100, 6, tools_offered=2)
    return made + work(names("c", 12), 2, 200, CELL)


def test_the_names_of_workloads_tell_templates_from_cells_and_never_meet() -> None:
    ids = [workload_id(w) for w in (2, 3, 4, CELLS, CELLS + 2, CELLS + 3)]
    assert len(set(ids)) == len(ids)
    assert [i[0] for i in ids] == ["W", "W", "W", "S", "S", "S"]


def test_every_workload_is_counted_whole() -> None:
    with traffic(rows()) as held:
        table = {row["workload"]: row for row in workload_table(held, NOBODY).to_pylist()}
    made = rows()
    for workload in (TEMPLATE, 6, CELL):
        of = [row for row in made if row["workload"] == workload]
        row = table[workload]
        assert row["workload_id"] == workload_id(workload)
        assert (row["exchanges"], row["accounts"]) == (len(of), len({r["account_id"] for r in of}))
        assert (row["first_seen"], row["last_seen"]) == (of[0]["time"], of[-1]["time"])
    assert len(table) == 3
    assert [table[w]["capability"] for w in (TEMPLATE, 6, CELL)] == ["agentic_coding", "tool_use", "general"]


def test_a_workload_is_named_by_what_its_requests_ask_for_before_its_shape() -> None:
    grading, hidden = 1 << Label.RUBRIC_GRADING, 1 << Label.REASONING_ELICITATION
    made = work(names("a", 4), 5, code_share=0.9, intents=grading)
    made += work(names("b", 4), 1, 100, 6, intents=hidden) + work(names("c", 4), 3, 200, 6, intents=0)
    made += work(names("d", 4), 4, 300, CELL, intents=1 << (LANES + Label.VISION))
    with traffic(made) as held:
        table = {row["workload"]: row["capability"] for row in workload_table(held, NOBODY).to_pylist()}
    assert table == {TEMPLATE: "rubric_grading", 6: "reasoning_elicitation", CELL: "general"}


def test_public_is_what_enough_accounts_outside_the_findings_use_and_never_a_cell() -> None:
    with traffic(rows()) as held:

        def public(accused: np.ndarray) -> set[int]:
            return {r["workload"] for r in workload_table(held, accused).to_pylist() if r["public"]}

        assert public(NOBODY) == {TEMPLATE}
        assert public(numbers(held, ["a000"])) == set()
        assert public(numbers(held, names("b", 3))) == {TEMPLATE}


def test_attributed_exchanges_come_by_id_with_campaign_and_workload() -> None:
    with traffic(rows()) as held:
        keys = pa.table({"exchange_key": [200, 3, 100], "campaign": [1, 0, 1]})
        table = exchange_table(
            held, held.session.load("attributed", keys), ["C-a", "C-b"], workload_table(held, NOBODY)
        )
    assert table.to_pylist() == [
        {
            "exchange_id": "x100",
            "account_id": "b000",
            "campaign_id": "C-b",
            "workload_id": "W6",
            "capability": "tool_use",
        },
        {
            "exchange_id": "x200",
            "account_id": "c000",
            "campaign_id": "C-b",
            "workload_id": workload_id(CELL),
            "capability": "general",
        },
        {
            "exchange_id": "x3",
            "account_id": "a003",
            "campaign_id": "C-a",
            "workload_id": "W2",
            "capability": "agentic_coding",
        },
    ]


def test_where_nothing_was_found_every_account_is_there_once_without_a_verdict() -> None:
    with traffic(rows()) as held:
        table = account_table(held, [], [])
    assert table.schema.equals(ACCOUNTS)
    assert table["account_id"].to_pylist() == [*names("a", PUBLIC_USERS), *names("b", 3), *names("c", 12)]
    assert set(table["verdict"].to_pylist()) == {"none"} and table["campaign_id"].null_count == len(table)
    assert sum(table["exchanges"].to_pylist()) == len(rows())


def test_an_account_in_two_campaigns_has_two_rows_and_the_others_one() -> None:
    pair = [makers.campaign(campaign_id=f"C-{i}") for i in range(2)]
    with traffic([sent(0, "a"), sent(1, "b"), sent(2, "c")]) as held:
        a, b = (Member(name, 1, 1, 0.05, 2.0) for name in "ab")
        table = account_table(held, pair, [[(0, a)], [(0, a), (1, b)]])
    assert Counter(table["account_id"].to_pylist()) == {"a": 2, "b": 1, "c": 1}
    named = [(r["account_id"], r["campaign_id"]) for r in table.to_pylist()]
    assert named == [("a", "C-0"), ("a", "C-1"), ("b", "C-1"), ("c", None)]
    assert {r["verdict"] for r in table.to_pylist()} == {pair[0].verdict, pair[1].verdict, "none"}


def test_the_columns_are_those_that_are_written() -> None:
    assert ACCOUNTS.equals(ACCOUNTS_SCHEMA)


@pytest.mark.parametrize("size", [1, 3])
def test_the_engine_may_be_asked_twice(size: int) -> None:
    with traffic(rows()[:size]) as held:
        assert workload_table(held, NOBODY).equals(workload_table(held, NOBODY))
