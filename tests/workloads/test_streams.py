"""Streams are sums: they add up over accounts and workloads, to the last bit in any order."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pytest

from stillwatch.engines import Session
from stillwatch.intents import CAPABILITIES, Label
from stillwatch.intents.labels import LANES
from stillwatch.workloads.streams import (
    ECHO,
    LONG_ANSWER,
    RESTATED,
    SHORT_PROMPT,
    asks,
    given,
    label_exchanges,
    sum_accounts,
    sum_streams,
)
from tests.workloads.makers import equal_rows, loaded, shuffled, sketch_row, sketches

SUMMED = (
    "exchanges",
    "answered",
    "openings",
    "refused",
    "failed",
    "tool_answers",
    "with_tools",
    "input_tokens",
    "classified",
    *(count(label.slug) for count in (asks, given) for label in CAPABILITIES),
)


def random_rows(count: int, seed: int = 0) -> list[dict[str, Any]]:
    """Return sketches with all that streams look at, much of it missing."""
    chance = Random(seed)

    def maybe(value: Any) -> Any:
        return value if chance.random() < 0.8 else None

    return [
        sketch_row(
            i,
            account_id=f"a{chance.randrange(6)}",
            content_key=maybe(chance.randrange(30)),
            output_key=maybe(chance.randrange(30)),
            first_turn_key=maybe(chance.randrange(9)),
            output_skeleton=maybe(chance.randrange(4)),
            status=maybe(chance.choice([200, 200, 200, 400, 429, 500])),
            finish_reason=maybe(chance.choice(["stop", "refusal", "length"])),
            turns=maybe(chance.randrange(1, 4)),
            messages=maybe(chance.randrange(1, 5)),
            user_chars=maybe(chance.randrange(2_500)),
            output_chars=maybe(chance.randrange(600)),
            echo_share=maybe(chance.random()),
            code_share=maybe(chance.random()),
            n=maybe(chance.choice([1, 4])),
            tool_calls=maybe(chance.choice([0, 0, 2])),
            tools_offered=maybe(chance.choice([0, 3])),
            input_tokens=maybe(chance.randrange(900)),
            intents=maybe(chance.getrandbits(2 * LANES)),
            org_id=maybe("o"),
        )
        for i in range(count)
    ]


def labelled(session: Session, held: ir.Table) -> ir.Table:
    """Return the sketches, each in one of three workloads by its number."""
    assigned = held.select(
        "exchange_key", workload=held.exchange_key % 3, templated=held.exchange_key % 3 == 0
    )
    return label_exchanges(session, held, session.save("assigned", assigned))


def streams_of(table: pa.Table) -> pa.Table:
    with loaded(table) as (session, held):
        return session.fetch(sum_streams(session, labelled(session, held)))


def accounts_of(table: pa.Table) -> pa.Table:
    with loaded(table) as (session, held):
        return session.fetch(sum_accounts(session, labelled(session, held)))


def naive_facts(row: dict[str, Any]) -> dict[str, bool]:
    """The definition of what holds of one exchange."""
    asked, output = row.get("user_chars") or 0, row.get("output_chars") or 0
    status = row.get("status")
    answered = (status is None or status < 400) and (output > 0 or (row.get("tool_calls") or 0) > 0)
    own = output > 0 and output >= RESTATED * asked and (row.get("echo_share") or 0) < ECHO
    return {
        "answered": answered,
        "openings": (row.get("turns") or 0) <= 1 and (row.get("messages") or 0) <= 2,
        "long_answers": answered and output >= LONG_ANSWER,
        "generated": answered and own,
        "short_prompts": asked <= SHORT_PROMPT,
        "refused": row.get("finish_reason") == "refusal",
        "failed": status is not None and status >= 400,
        "many_samples": (row.get("n") or 1) > 1,
        "tool_answers": (row.get("tool_calls") or 0) > 0,
        "with_tools": (row.get("tools_offered") or 0) > 0,
        **naive_labels(row.get("intents")),
    }


def naive_labels(bits: int | None) -> dict[str, bool]:
    """The definition of what is counted of the labels of one exchange; those that are no capability are not."""
    told = f"{bits or 0:0{2 * LANES}b}"[::-1]
    leaning = {asks(label.slug): told[label] == "1" for label in CAPABILITIES}
    sure = {given(label.slug): told[LANES + label] == "1" for label in CAPABILITIES}
    return {"classified": bits is not None} | leaning | sure


@pytest.mark.parametrize("seed", range(3))
def test_streams_agree_with_the_definition(seed: int) -> None:
    rows = random_rows(150, seed)
    expected: dict[tuple[int, int], dict[str, float]] = {}
    contents: dict[tuple[int, int], set[int]] = {}
    for row in rows:
        key = (row["account_key"], row["exchange_key"] % 3)
        sums = expected.setdefault(key, {"exchanges": 0, "log_user": 0.0, "input_tokens": 0})
        sums["exchanges"] += 1
        sums["input_tokens"] += row["input_tokens"] or 0
        sums["log_user"] += math.log1p(row["user_chars"] or 0)
        for name, held in naive_facts(row).items():
            sums[name] = sums.get(name, 0) + held
        contents.setdefault(key, set()).update([row["content_key"]] if row["content_key"] is not None else [])
    found = {(r["account_key"], r["workload"]): r for r in streams_of(sketches(rows)).to_pylist()}
    assert found.keys() == expected.keys()
    for key, sums in expected.items():
        assert {name: found[key][name] for name in sums} == pytest.approx(sums)
        assert found[key]["contents"] == len(contents[key])
        assert found[key]["templated"] == (key[1] == 0)


def test_a_label_is_counted_for_its_own_capability_and_no_other() -> None:
    for label in Label:
        rows = [
            sketch_row(0, intents=1 << label),
            sketch_row(3, intents=1 << (LANES + label)),
            sketch_row(6, intents=0),
            sketch_row(9),
        ]
        (stream,) = streams_of(sketches(rows)).to_pylist()
        counted = {name for name, count in stream.items() if name.startswith(("asks_", "given_")) and count}
        assert counted == ({asks(label.slug), given(label.slug)} if label in CAPABILITIES else set())
        assert (stream["classified"], stream["exchanges"]) == (3, 4)


def test_streams_add_up_over_accounts_and_over_parts_of_the_log() -> None:
    rows = random_rows(200)
    whole = streams_of(sketches(rows))
    parts = [streams_of(sketches(part)) for part in (rows[:70], rows[70:])]
    for name in SUMMED:
        assert sum(whole[name].to_pylist()) == sum(sum(part[name].to_pylist()) for part in parts)
    accounts = {r["account_key"]: r["exchanges"] for r in accounts_of(sketches(rows)).to_pylist()}
    for key, exchanges in accounts.items():
        mine = [r["exchanges"] for r in whole.to_pylist() if r["account_key"] == key]
        assert sum(mine) == exchanges
    assert sum(accounts.values()) == 200


@pytest.mark.parametrize("seed", range(4))
def test_row_order_and_split_change_not_a_bit(seed: int) -> None:
    table = sketches(random_rows(4_000))
    again = shuffled(table, seed)
    assert equal_rows(streams_of(table), streams_of(again), "account_key", "workload")
    assert equal_rows(accounts_of(table), accounts_of(again), "account_key")


def test_an_account_is_summed_over_its_workloads() -> None:
    rows = [
        sketch_row(0, account_id="a", ip_key=1, prefix_key=1, client_key=5, first_turn_key=1, org_id="o"),
        sketch_row(1, account_id="a", ip_key=2, prefix_key=1, client_key=5, first_turn_key=1),
        sketch_row(2, account_id="b"),
    ]
    first, second = sorted(accounts_of(sketches(rows)).to_pylist(), key=lambda r: r["account_id"])
    counted = ("exchanges", "workloads", "conversations", "addresses", "prefixes", "clients", "org_id")
    assert [first[name] for name in counted] == [2, 2, 1, 2, 1, 1, "o"]
    assert [second[name] for name in counted] == [1, 1, 0, 0, 0, 0, None]
