"""What scans say is held against what was planted: found, diluted, weaker or missed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from stillwatch.campaigns.model import Examined, Member, ScanResult
from stillwatch.ranges.planting import Planted
from stillwatch.ranges.planting.watch import DILUTED, FOUND, MISSED, WEAKER, PlantedTruth, judge
from tests.report.makers import campaign

EXCHANGES = pa.schema([(n, pa.string()) for n in ("exchange_id", "account_id", "campaign_id")])
TRUTH = PlantedTruth(
    accounts=frozenset({"p1", "p2", "p3", "p4"}),
    harvests={f"e{i}": i < 8 for i in range(10)},
    kinds=frozenset({"cot_harvest"}),
    campaigns=frozenset({"planted"}),
)
NOTHING = ScanResult((), EXCHANGES.empty_table(), EXCHANGES.empty_table(), EXCHANGES.empty_table())


def result(verdict: str, members: list[str], exchanges: list[str]) -> ScanResult:
    found = replace(
        campaign(campaign_id="C-1", verdict=verdict),
        accounts=tuple(Member(a, 5, 5, 0.5, 2.0) for a in members),
    )
    rows = [{"exchange_id": e, "account_id": "x", "campaign_id": "C-1"} for e in exchanges]
    table = pa.Table.from_pylist(rows, schema=EXCHANGES)
    return ScanResult((found,), table, NOTHING.accounts, NOTHING.workloads)


@pytest.mark.parametrize(
    ("verdict", "members", "outcome"),
    [
        ("distillation_campaign", ["p1", "p2", "p3"], FOUND),
        ("distillation_campaign", ["p1", "p2", "o1", "o2", "o3"], DILUTED),
        ("related_accounts", ["p1", "p2", "p3", "p4"], WEAKER),
        ("distillation_campaign", ["p1", "o1"], MISSED),
    ],
)
def test_the_outcome_is_by_halves(verdict: str, members: list[str], outcome: str) -> None:
    assert judge(TRUTH, NOTHING, result(verdict, members, []), None, ()).outcome == outcome


def test_half_of_the_exchanges_is_enough() -> None:
    seen = judge(
        TRUTH,
        NOTHING,
        result("distillation_campaign", ["p1"], ["e0", "e1", "e2", "e3", "e9", "o7"]),
        None,
        (),
    )
    assert seen.best is not None
    assert (seen.best.harvested, seen.best.customers, seen.best.own_exchanges) == (4, 1, 1)


def test_own_accounts_that_were_named_before_are_known() -> None:
    before = result("resale_pool", ["o1"], [])
    seen = judge(TRUTH, before, result("distillation_campaign", ["p1", "p2", "o1", "o2"], []), None, ())
    assert seen.best is not None
    assert (seen.best.own_accounts, seen.best.own_named_before) == (("o1", "o2"), 1)
    assert [n.verdict for n in seen.before] == ["resale_pool"]


def test_a_group_of_the_operators_stands_beside() -> None:
    seen = judge(TRUTH, NOTHING, result("related_accounts", ["o1", "o2"], ["o1"]), None, ())
    assert (seen.outcome, len(seen.elsewhere), seen.named) == (MISSED, 1, ())


def test_what_was_looked_at_only_since_the_campaign_is_in_is_told() -> None:
    old, new = (
        Examined("a", 3, 30, {}, "one street"),
        Examined("b", 4, 80, {"extraction": 1.0}, "not shaped like data"),
    )
    before = ScanResult((), NOTHING.exchanges, NOTHING.accounts, NOTHING.workloads, (old,))
    after = ScanResult((), NOTHING.exchanges, NOTHING.accounts, NOTHING.workloads, (old, new))
    assert [e.reason for e in judge(TRUTH, before, after, None, ()).looked] == ["not shaped like data"]


@pytest.mark.parametrize(
    ("kinds", "accounts", "expected"),
    [
        ({"resale_pool"}, 4, "resale_pool"),
        ({"lone_harvest"}, 1, "bulk_extraction"),
        ({"chat"}, 4, "distillation_campaign"),
    ],
)
def test_what_harvests_for_nobody_is_expected_as_what_it_is(
    kinds: set[str], accounts: int, expected: str
) -> None:
    truth = PlantedTruth(frozenset(f"p{i}" for i in range(accounts)), {}, frozenset(kinds), frozenset())
    assert judge(truth, NOTHING, NOTHING, None, ()).expected == expected


def test_a_lone_account_of_a_campaign_is_bulk_extraction() -> None:
    truth = PlantedTruth(frozenset({"p"}), {"e": True}, frozenset({"cot_harvest"}), frozenset({"planted"}))
    assert judge(truth, NOTHING, NOTHING, None, ()).expected == "bulk_extraction"


def test_a_real_watch_scans_before_after_and_in_between(watched: tuple[Path, Planted]) -> None:
    folder, done = watched
    assert done.watched is not None
    assert (done.watched.accounts, done.watched.harvested) == (12, 240)
    assert [p.exchanges for p in done.watched.prefixes][-1] == 840
    assert done.watched.leak is not None and done.watched.leak.exchanges == 240
    assert "shared_payment" in {s.signal for s in done.watched.silent}
    for name in ("scan", "scan_before"):
        assert json.loads((folder / name / "run.json").read_text())["exchanges"] in (600, 840)
