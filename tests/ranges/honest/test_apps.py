from __future__ import annotations

from stillwatch.ranges.honest.apps import MINUTES_SYSTEM
from tests.ranges.reading import Log, last_user


def test_the_popular_app_has_one_template_and_many_unrelated_customers(incident_log: Log) -> None:
    rows = incident_log.of("popular_app")
    assert {r["system"] for r in rows} == {MINUTES_SYSTEM}
    accounts = {r["account_id"] for r in rows}
    assert len(accounts) >= 50
    cards = {incident_log.accounts[a]["payment_fp"] for a in accounts}
    assert len(cards) == len(accounts)


def test_gateways_declare_that_they_resell(incident_log: Log) -> None:
    accounts = incident_log.by("honest_reseller")
    assert len(accounts) == 11
    assert {incident_log.accounts[a]["declared_use"] for a in accounts} == {"reseller"}
    assert len({r["end_user_id"] for r in incident_log.of("honest_reseller")}) > 20


def test_a_fallback_router_hands_over_to_its_own_second_account_only(incident_log: Log) -> None:
    failed = {last_user(r): r for r in incident_log.of("fallback_router") if r["status"] != 200}
    handed = [r for r in incident_log.of("fallback_router") if r["status"] == 200 and last_user(r) in failed]
    assert failed and handed and len(handed) < len(failed) + 1
    for row in handed:
        first = failed[last_user(row)]
        assert 0 < (row["time"] - first["time"]).total_seconds() < 1
        cards = {incident_log.accounts[r["account_id"]]["payment_fp"] for r in (row, first)}
        assert len(cards) == 1


def test_a_rotated_key_stays_within_the_organisation(incident_log: Log) -> None:
    assert {r["status"] for r in incident_log.of("key_rotation")} <= {200, 403}
    assert all(r["org_id"] for r in incident_log.of("key_rotation"))


def test_products_answer_from_a_small_store(incident_log: Log) -> None:
    for rows in incident_log.by("rag_app").values():
        assert len({r["system"] for r in rows}) == 1
        assert all("Context:" in last_user(r) for r in rows)
