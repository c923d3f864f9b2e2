from __future__ import annotations

from stillwatch.ranges import Range
from stillwatch.ranges.pools.harvests import INJECTED
from tests.ranges.reading import Log, last_user


def campaign(log: Log, name: str) -> list[dict[str, object]]:
    return [r for r in log.rows if r["campaign"] == name]


def test_a_dedicated_pool_does_one_thing(incident_log: Log) -> None:
    rows = campaign(incident_log, "amber")
    accounts = {r["account_id"] for r in rows}
    assert {r["campaign"] for r in incident_log.rows if r["account_id"] in accounts} == {"amber"}
    assert len(accounts) >= 38 and {r["kind"] for r in rows} == {"cot_harvest"}


def test_a_hydra_carries_customers_beside_its_harvest(incident_range: Range, incident_log: Log) -> None:
    roles = incident_range.truth_accounts.to_pylist()
    for name, share in (("cedar", 0.5), ("damson", 0.2), ("elder", 0.05)):
        pool = {r["account_id"] for r in roles if r["campaign"] == name}
        carried = [r for r in incident_log.rows if r["account_id"] in pool]
        assert {r["kind"] for r in carried if r["campaign"] is None} == {"pool_customer"}
        assert 0.5 * share < sum(r["campaign"] == name for r in carried) / len(carried) < 1.5 * share


def test_answers_are_passed_on_between_accounts(incident_log: Log) -> None:
    rows = campaign(incident_log, "flint")
    owner = {r["output"]: r["account_id"] for r in rows if r["kind"] == "cot_harvest" and r["output"]}
    passed = 0
    for row in rows:
        if row["kind"] in ("grading_harvest", "rewriting_harvest"):
            text = last_user(row)
            passed += any(said in text and account != row["account_id"] for said, account in owner.items())
    assert passed > 30


def test_reasoning_is_replayed_by_another_account_without_its_conversation(incident_log: Log) -> None:
    owner: dict[str, object] = {}
    foreign = 0
    for row in campaign(incident_log, "garnet"):
        for block in row["reasoning_ref"] or ():  # type: ignore[attr-defined]
            foreign += owner[block] != row["account_id"]
            assert len(row["messages"]) == 1  # type: ignore[arg-type]
        owner.update(dict.fromkeys(row["reasoning_issued"] or (), row["account_id"]))  # type: ignore[call-overload]
    assert foreign > 20


def test_burnt_accounts_are_suspended_and_replaced(incident_log: Log) -> None:
    accounts = {r["account_id"] for r in campaign(incident_log, "jasper")}
    states = [incident_log.accounts[a]["status"] for a in accounts]
    assert states.count("suspended") >= 4


def test_a_resale_pool_is_no_campaign(incident_range: Range) -> None:
    roles = [r for r in incident_range.truth_accounts.to_pylist() if r["kind"] == "resale_pool"]
    assert len(roles) == 24
    assert {(r["role"], r["campaign"]) for r in roles} == {("customer", None)}


def test_the_injected_prompt_stands_in_front_of_ordinary_talk(incident_log: Log) -> None:
    rows = campaign(incident_log, "kelp")
    assert {r["system"] for r in rows} == {INJECTED}
    accounts = len({r["account_id"] for r in rows})
    assert 3 < len(rows) / accounts / 7 < 8  # a day and account


def test_two_labs_work_over_one_pool(incident_range: Range, incident_log: Log) -> None:
    roles = incident_range.truth_accounts.to_pylist()
    one, two = ({r["account_id"] for r in roles if r["campaign"] == f"linden-{lab}"} for lab in "ab")
    assert one == two and len(one) == 40
    asked = [{last_user(r)[:20] for r in campaign(incident_log, f"linden-{lab}")} for lab in "ab"]
    assert not asked[0] & asked[1]


def test_a_lone_harvester_is_one_account_and_no_campaign(incident_log: Log) -> None:
    rows = incident_log.of("lone_harvest")
    assert len({r["account_id"] for r in rows}) == 1
    assert {r["campaign"] for r in rows} == {None}
