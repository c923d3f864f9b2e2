"""From findings to the results: every account once, every exchange attributed once, totals that agree."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import jsonschema
import numpy as np
import pytest

from stillwatch.campaigns.attribute import share_lower
from stillwatch.campaigns.judging import Finding, Outcome
from stillwatch.campaigns.measuring import measure
from stillwatch.campaigns.measuring.uses import measure_use
from stillwatch.campaigns.model import VERDICTS, Verdict
from stillwatch.campaigns.telling.assemble import Assembled, assemble
from stillwatch.campaigns.traffic import Traffic
from stillwatch.intents import Label
from stillwatch.report.record import campaign_record
from stillwatch.report.results import campaigns_schema
from stillwatch.workloads import CELLS
from tests.campaigns.makers import (
    TEMPLATE,
    Passed,
    bench,
    finding,
    judged,
    names,
    proposal,
    tie,
    traffic,
    work,
)
from tests.signals.makers import bare_group

POOL, KIN, PEOPLE = names("a", 6), names("k", 3), names("z", 12)
LONE = ["lone"]
BULKY, OTHER = 6, 8
PASSED: list[Passed] = [("retry_handed_over", i, KIN[i % 3], KIN[(i + 1) % 3], 400 + i) for i in range(4)]


def rows() -> list[dict]:
    """Return a pool with traffic of its own beside, kin that pass retries, a lone harvester, and people."""
    known = {"model": "large", "platform": "direct", "input_tokens": 10, "output_tokens": 100}
    made = (
        work(POOL, 20, **known)
        + work(POOL, 3, 200, CELLS + 5, turns=2, messages=4)
        + work(KIN, 4, 400, CELLS + 5)
    )
    made[3]["model"] = "small"
    return made + work(LONE, 60, 500, BULKY, **known) + work(PEOPLE, 3, 600, CELLS + 5)


def asked_rows() -> list[dict]:
    """Return the pool's harvest of reasoning, and work of its own that asks for nothing in particular."""
    taken = {"input_tokens": 10, "output_tokens": 100, "intents": 1 << Label.REASONING_ELICITATION}
    other = work(
        POOL,
        5,
        300,
        OTHER,
        turns=2,
        messages=4,
        input_tokens=7,
        output_tokens=70,
        reasoning_tokens=3,
        intents=0,
    )
    return work(POOL, 20, **taken) + other + work(PEOPLE, 3, 600, CELLS + 5)


def found(
    held: Traffic, verdict: Verdict, ids: list[str], workload: int | None, log10_e: float = 6.0
) -> Finding:
    made = proposal(held, ids, workload)
    return finding(measure(bench(held, made), made), verdict, log10_e)


def outcome(*findings: Finding, innocent: tuple = ()) -> Outcome:
    return Outcome(findings, innocent, 9, len(findings), 2.0)


def assembled(held: Traffic, earlier: dict | None = None) -> Assembled:
    """Return the pool, the kin and the lone harvester as found, given in no particular order."""
    several = [
        found(held, "related_accounts", KIN, None),
        found(held, "distillation_campaign", POOL, TEMPLATE),
    ]
    bulk = [found(held, "bulk_extraction", LONE, BULKY)]
    return assemble(held, outcome(*several), bulk, earlier or {}, 1.0)


@pytest.fixture(scope="module")
def result() -> Assembled:
    with traffic(rows(), PASSED) as held:
        return assembled(held)


def test_the_most_serious_come_first(result: Assembled) -> None:
    assert [c.verdict for c in result.campaigns] == [
        "distillation_campaign",
        "bulk_extraction",
        "related_accounts",
    ]
    assert list(VERDICTS).index("bulk_extraction") < list(VERDICTS).index("related_accounts")


def test_every_exchange_is_attributed_at_most_once_and_totals_agree_with_the_table(result: Assembled) -> None:
    ids = result.exchanges["exchange_id"].to_pylist()
    assert ids == sorted(set(ids))
    counted = Counter(result.exchanges["campaign_id"].to_pylist())
    assert counted == {c.campaign_id: c.exchanges for c in result.campaigns}
    assert [c.exchanges for c in result.campaigns] == [120, 60, 4]
    by_account = Counter(
        zip(*(result.exchanges[n].to_pylist() for n in ("campaign_id", "account_id")), strict=True)
    )
    for campaign in result.campaigns:
        for member in campaign.accounts:
            assert member.campaign_exchanges == by_account[campaign.campaign_id, member.account_id]
            assert member.share_lower == share_lower(member.campaign_exchanges, member.exchanges)


def test_every_account_seen_is_in_the_table(result: Assembled) -> None:
    table = result.accounts.to_pylist()
    assert sorted(r["account_id"] for r in table) == sorted([*POOL, *KIN, *PEOPLE, *LONE])
    verdicts = {r["account_id"]: (r["verdict"], r["campaign_id"]) for r in table}
    for campaign in result.campaigns:
        for member in campaign.accounts:
            assert verdicts[member.account_id] == (campaign.verdict, campaign.campaign_id)
    assert {verdicts[a] for a in PEOPLE} == {("none", None)}
    assert sum(r["exchanges"] for r in table) == len(rows())


def test_a_campaign_sums_what_was_taken(result: Assembled) -> None:
    pool = result.campaigns[0]
    assert pool.value_at_risk.input_tokens == 1_200 and pool.value_at_risk.output_tokens == 12_000
    assert pool.value_at_risk.distinct_prompts == 120
    assert pool.models == ("large", "small") and pool.platforms == ("direct",)
    moments = [row["time"] for row in rows()[:120]]
    assert (pool.first_seen, pool.last_seen) == (min(moments), max(moments))
    assert sum(share.share for share in pool.capabilities) == pytest.approx(1.0)
    assert sum(share.exchanges for share in pool.capabilities) == pool.exchanges


def test_what_was_taken_is_told_by_what_was_asked_and_adds_up() -> None:
    with traffic(asked_rows()) as held:
        pool = found(held, "distillation_campaign", POOL, TEMPLATE)
        (campaign,) = assemble(held, outcome(pool), [], {}, 1.0).campaigns
    assert [share.capability for share in campaign.capabilities] == ["reasoning_elicitation"]
    (share,) = campaign.capabilities
    assert (share.exchanges, share.share, share.distinct_prompts) == (120, 1.0, 120)
    assert (share.input_tokens, share.output_tokens, share.reasoning_tokens) == (1_200, 12_000, 0)


def test_of_a_campaign_after_several_things_the_most_asked_for_comes_first() -> None:
    with traffic(asked_rows()) as held:
        pool = found(held, "distillation_campaign", POOL, TEMPLATE)
        second = measure_use(bench(held, proposal(held, POOL, OTHER)), pool.judged.group.accounts, OTHER)
        uses = (*pool.judged.group.uses, replace(second, outside_loads=second.outside_loads[:0]))
        fed = tie(3.0, "answer_pipeline")
        both = replace(pool.judged, group=replace(pool.judged.group, uses=uses), evidence=(fed,))
        (campaign,) = assemble(held, outcome(replace(pool, judged=both)), [], {}, 1.0).campaigns
    shares = campaign.capabilities
    assert [s.capability for s in shares] == ["reasoning_elicitation", "general"]
    assert [s.exchanges for s in shares] == [120, 30] and campaign.exchanges == 150
    assert [s.share for s in shares] == pytest.approx([0.8, 0.2])
    at_risk = campaign.value_at_risk
    for name in ("input_tokens", "output_tokens", "reasoning_tokens", "distinct_prompts"):
        assert sum(getattr(s, name) for s in shares) == getattr(at_risk, name)


def test_related_accounts_are_after_nothing(result: Assembled) -> None:
    assert {c.verdict for c in result.campaigns if not c.capabilities} == {"related_accounts"}


def test_the_record_keeps_the_published_schema(result: Assembled) -> None:
    jsonschema.validate([campaign_record(c) for c in result.campaigns], campaigns_schema())


def test_every_workload_shown_is_in_the_table(result: Assembled) -> None:
    known = {row["workload_id"] for row in result.workloads.to_pylist()}
    assert {w.workload_id for c in result.campaigns for w in c.workloads} <= known
    assert set(result.exchanges["workload_id"].to_pylist()) <= known
    assert sum(result.workloads["exchanges"].to_pylist()) == len(rows())


@pytest.mark.parametrize("seed", range(2))
def test_row_order_changes_nothing_at_all(seed: int, result: Assembled) -> None:
    order = Random(seed).sample(range(len(rows())), len(rows()))
    with traffic(rows(), PASSED, order=order) as held:
        again = assembled(held)
    assert again.campaigns == result.campaigns
    for name in ("exchanges", "accounts", "workloads"):
        assert getattr(again, name).equals(getattr(result, name))


def test_ids_stay_where_other_accounts_join_the_log(result: Assembled) -> None:
    with traffic(rows() + work(names("0", 9), 3, 900, CELLS + 5), PASSED) as held:
        again = assembled(held)
    assert [c.campaign_id for c in again.campaigns] == [c.campaign_id for c in result.campaigns]
    assert len({c.campaign_id for c in result.campaigns}) == 3


def test_an_earlier_scan_lends_its_ids(result: Assembled) -> None:
    with traffic(rows(), PASSED) as held:
        again = assembled(held, {"C-before": frozenset(POOL[:4]), "C-other": frozenset(PEOPLE)})
    assert again.campaigns[0].campaign_id == "C-before"
    assert [c.campaign_id for c in again.campaigns[1:]] == [c.campaign_id for c in result.campaigns[1:]]


def test_one_account_is_not_named_for_bulk_work_beside_its_group_and_only_once() -> None:
    with traffic(rows(), PASSED) as held:
        pool = found(held, "distillation_campaign", POOL, TEMPLATE)
        bulk = [found(held, "bulk_extraction", [a], TEMPLATE) for a in POOL]
        lone = [found(held, "bulk_extraction", LONE, BULKY, log10_e) for log10_e in (3.0, 7.0)]
        made = assemble(held, outcome(pool), [*bulk, *lone], {}, 1.0)
    assert [(c.verdict, c.log10_e) for c in made.campaigns] == [
        ("distillation_campaign", 6.0),
        ("bulk_extraction", 7.0),
    ]


def test_nothing_found_is_empty_tables_of_the_same_columns(result: Assembled) -> None:
    near = (judged(bare_group(accounts=np.arange(4)), {"coordination": 1.0}),)
    with traffic(rows(), PASSED) as held:
        made = assemble(held, outcome(innocent=near), [], {}, 1.0)
    assert made.campaigns == () and made.exchanges.num_rows == 0
    assert made.exchanges.schema.names == result.exchanges.schema.names
    assert sorted(made.accounts["account_id"].to_pylist()) == sorted([*POOL, *KIN, *PEOPLE, *LONE])
    assert set(made.accounts["verdict"].to_pylist()) == {"none"}
    assert [e.accounts for e in made.examined] == [4]


def test_members_without_an_attributed_exchange_are_not_named_in_a_harvest() -> None:
    with traffic(rows(), PASSED) as held:
        pool = found(held, "distillation_campaign", POOL, TEMPLATE)
        wider = replace(pool.judged.group, accounts=proposal(held, [*POOL, *PEOPLE[:2]]).accounts)
        made = assemble(held, outcome(replace(pool, judged=replace(pool.judged, group=wider))), [], {}, 1.0)
    assert {m.account_id for m in made.campaigns[0].accounts} == set(POOL)
    verdicts = {r["account_id"]: r["verdict"] for r in made.accounts.to_pylist()}
    assert verdicts[PEOPLE[0]] == "none" and len(verdicts) == made.accounts.num_rows


def test_a_looser_dial_never_suspends_fewer() -> None:
    suspended = []
    with traffic(rows(), PASSED) as held:
        pool = found(held, "distillation_campaign", POOL, TEMPLATE, 40.0)
        for dial in (1.0, 1e4, 1e12):
            (campaign,) = assemble(held, outcome(pool), [], {}, dial).campaigns
            suspended.append("suspend" in {step.action for step in campaign.recommended})
    assert suspended == sorted(suspended) and suspended[0] is False and suspended[-1] is True
