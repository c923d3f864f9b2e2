from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from stillwatch.ranges.scenarios.kinds import POOLS
from stillwatch.ranges.scenarios.population import part
from tests.ranges.reading import Log, last_user, log, never_issued, quoted, seconds

DAYS = 7.0


def planted(
    kind: str, accounts: int = 16, exchanges: int = 480, name: str | None = "copper", **options: Any
) -> Log:
    return log(part(kind, accounts, exchanges, name, **options), days=DAYS)


def campaign(found: Log, name: str = "copper") -> list[dict[str, Any]]:
    return [r for r in found.rows if r["campaign"] == name]


ALONE = {"resale_pool", "lone_harvester"}  # no campaigns
TWO = {"two_labs"}


@pytest.mark.parametrize("kind", sorted(set(POOLS) - ALONE - TWO))
def test_every_design_emits_its_campaigns_rows(kind: str) -> None:
    found = planted(kind)
    assert 0.85 * 480 < len(found.rows) < 1.2 * 480
    assert {r["campaign"] for r in found.rows} <= {"copper", None}
    assert len(campaign(found)) > 100 and all(r["capability"] for r in campaign(found))
    members = {r["account_id"] for r in found.roles if r["campaign"] == "copper"}
    assert {r["account_id"] for r in campaign(found)} <= members
    assert {r["role"] for r in found.roles} == {"mixed" if kind == "hydra" else "operator"}


def test_a_dedicated_pool_does_one_thing() -> None:
    found = planted("dedicated_pool", harvest="instructions")
    assert {(r["kind"], r["campaign"]) for r in found.rows} == {("instructions_harvest", "copper")}
    assert len(found.by()) == 16


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_a_hydra_carries_customers_beside_its_share_of_harvest(share: float) -> None:
    found = planted("hydra", exchanges=1_000, share=share)
    assert abs(len(campaign(found)) / len(found.rows) - share) < 0.05
    assert {r["kind"] for r in found.rows if r["campaign"] is None} == {"pool_customer"}
    assert {r["account_id"] for r in campaign(found)} <= {r["account_id"] for r in found.of("pool_customer")}
    assert not never_issued(found.rows)


def test_conversations_of_customers_hop_between_accounts_with_their_history() -> None:
    found = planted("hydra", exchanges=600)
    owner = {r["output"]: r["account_id"] for r in found.rows if r["output"]}
    hops = [owner[s] != r["account_id"] for r in found.of("pool_customer") for s in quoted(r)]
    assert sum(hops) > 50


def test_answers_are_graded_and_rewritten_by_other_accounts_of_the_pool() -> None:
    found = planted("judging_loop")
    issued: dict[str, str] = {}
    passed: Counter[bool] = Counter()
    for row in found.rows:
        if row["status"] != 200:
            continue
        if row["kind"] == "cot_harvest":
            issued[row["output"]] = row["account_id"]
        else:
            sources = {account for said, account in issued.items() if said in last_user(row)}
            assert sources
            passed[row["account_id"] not in sources] += 1
    assert passed[True] > 5 * passed[False] and passed.total() > 250


def test_many_pathways_are_platforms_and_skills() -> None:
    found = planted("many_pathways")
    assert len({r["platform"] for r in found.rows}) == 4 and len({r["kind"] for r in found.rows}) == 5
    assert all(len({r["platform"] for r in rows}) == 1 for rows in found.by().values())


def test_half_of_the_traffic_moves_to_a_new_model_within_a_day_of_its_launch() -> None:
    rows = planted("pivoting_coders", exchanges=1_500, days=6.0, begin=1.0).rows
    start = min(r["time"] for r in rows).replace(hour=0, minute=0, second=0, microsecond=0)
    day = [(r["time"] - start.replace(day=1)).total_seconds() / 86_400 for r in rows]
    new = [r["model"] == "atlas-large-3" for r in rows]
    assert not any(n for d, n in zip(day, new, strict=True) if d < 0.6 * DAYS)
    later = [n for d, n in zip(day, new, strict=True) if d > 0.6 * DAYS + 1]
    assert 0.35 < sum(later) / len(later) < 0.65


def test_the_injected_prompt_stands_in_front_of_ordinary_talk() -> None:
    found = planted("injected_relay", 30, round(30 * 5.6 * DAYS), failure=0.0)
    assert len({r["system"] for r in found.rows}) == 1
    assert 4.5 < len(found.rows) / 30 / DAYS < 6.5  # a day and account
    assert not never_issued(found.rows)


def test_injected_relays_replay_reasoning_that_was_issued() -> None:
    found = planted("injected_relay", exchanges=900, replays=0.1, ban_all=0.5)
    issued: dict[str, str | None] = {}
    bare = 0
    for row in found.rows:
        for block in row["reasoning_ref"] or ():
            assert block in issued
            bare += issued[block] not in set(quoted(row))
        issued |= dict.fromkeys(row["reasoning_issued"] or (), row["output"])
    assert bare > 30


def test_a_pool_banned_as_a_whole_goes_on_with_a_second_one() -> None:
    found = planted("injected_relay", 12, 1_200, ban_all=0.5)
    states = Counter(a["status"] for a in found.accounts.values())
    assert states == {"suspended": 12, "active": 12}
    ends = [a["status_at"] for a in found.accounts.values() if a["status_at"]]
    assert (max(ends) - min(ends)).total_seconds() < 600
    for row in found.rows:
        account = found.accounts[row["account_id"]]
        if row["status"] == 200:
            assert account["created_at"] <= row["time"]
            assert account["status_at"] is None or seconds(row) < account["status_at"].timestamp() + 5


def test_reasoning_is_read_out_by_another_account_without_its_conversation() -> None:
    found = planted("reasoning_replay")
    owner: dict[str, str] = {}
    foreign = presented = 0
    for row in found.rows:
        for block in row["reasoning_ref"] or ():
            presented += 1
            foreign += owner[block] != row["account_id"]
            assert len(row["messages"]) == 1
        owner.update(dict.fromkeys(row["reasoning_issued"] or (), row["account_id"]))
    assert presented > 200 and foreign > 0.8 * presented
    assert {r["kind"] for r in found.rows if r["reasoning_ref"]} == {"probing_harvest"}


def test_trace_cleaners_are_few_and_hot() -> None:
    found = planted("trace_cleaners", 3, 900, days=1.0)
    assert len(found.by()) <= 4 and {r["capability"] for r in found.rows} == {"trace_cleaning"}


def test_stored_sessions_hold_answers_that_were_never_given_here() -> None:
    found = planted("stored_sessions")
    assert all(len(r["messages"]) >= 5 for r in found.rows)
    assert never_issued(found.rows)


def test_probing_is_nearly_all_refused() -> None:
    rows = [r for r in planted("probing").rows if r["status"] == 200]
    assert sum(r["finish_reason"] == "refusal" for r in rows) > 0.87 * len(rows)


def test_two_labs_work_over_one_pool() -> None:
    found = planted("two_labs", exchanges=800)
    one, two = ({r["account_id"] for r in found.roles if r["campaign"] == f"copper-{lab}"} for lab in "ab")
    assert one == two and len(one) == 16 and {r["role"] for r in found.roles} == {"mixed"}
    asked = [{last_user(r) for r in campaign(found, f"copper-{lab}")} for lab in "ab"]
    assert min(map(len, asked)) > 250 and not asked[0] & asked[1]
    assert len(found.of("pool_customer")) > 100


def test_a_resale_pool_is_no_campaign() -> None:
    found = planted("resale_pool", name=None)
    assert {(r["role"], r["campaign"], r["kind"]) for r in found.roles} == {("customer", None, "resale_pool")}
    assert {r["campaign"] for r in found.rows} == {None} and not never_issued(found.rows)


def test_a_lone_harvester_is_one_account_and_no_campaign() -> None:
    found = planted("lone_harvester", 1, 200, None, harvest="cot")
    assert len(found.by()) == 1 and {r["role"] for r in found.roles} == {"benign"}
    assert {(r["kind"], r["campaign"]) for r in found.rows} == {("lone_harvest", None)}
    assert {r["capability"] for r in found.rows} == {"reasoning_elicitation"}


def test_a_sticky_pool_keeps_a_pipeline_to_one_account_for_an_hour() -> None:
    found = planted("dedicated_pool", 4, 600, days=0.2, schedule="sticky", failure=0.0)
    rows = found.rows
    changes = sum(a["account_id"] != b["account_id"] for a, b in pairwise(rows))
    assert changes <= 0.2 * 24 + 1


def test_accounts_may_each_keep_to_a_field() -> None:
    found = planted("dedicated_pool", 6, 300, schedule="by_key", sticks_by="topic", failure=0.0)
    assert len(found.by()) > 2


@pytest.mark.parametrize("harvest", ["cot", "preference"])
def test_a_campaign_takes_its_name_from_its_kind_where_it_has_none(harvest: str) -> None:
    found = planted("dedicated_pool", name=None, harvest=harvest)
    assert {r["campaign"] for r in found.rows} == {"dedicated_pool"}


def test_a_pipeline_works_within_its_days() -> None:
    rows = planted("dedicated_pool", days=1.0, begin=0.5).rows
    assert (rows[-1]["time"] - rows[0]["time"]).total_seconds() < 1.01 * 86_400
    assert rows[0]["time"].day == 4
