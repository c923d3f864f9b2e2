from __future__ import annotations

from collections import defaultdict

import pytest

from stillwatch.ranges.scenarios.population import part
from tests.ranges.reading import Log, last_user, log, never_issued, quoted, seconds, taken_over


def test_gateways_declare_that_they_resell_and_share_an_address() -> None:
    for accounts, schedule, org in ((1, "round_robin", False), (6, "sticky", True)):
        found = log(part("honest_gateway", accounts, 240, schedule=schedule, declares_org=org))
        assert {(r["kind"], r["campaign"]) for r in found.rows} == {("honest_reseller", None)}
        assert {a["declared_use"] for a in found.holders()} == {"reseller"}
        assert len(found.by()) == accounts and len({r["ip"] for r in found.rows}) == 1
        orgs = {a["org_id"] for a in found.accounts.values()}
        assert not org or (None not in orgs and len(orgs) == 1)
        assert {r["role"] for r in found.roles} == {"benign"}
        assert not never_issued(found.rows)


def test_a_random_gateway_moves_conversations_between_its_own_accounts() -> None:
    found = log(part("honest_gateway", 6, 240, schedule="random"))
    assert taken_over(found.rows)
    assert len({a["payment_fp"] for a in found.holders()}) == 1


def test_a_gateway_hands_a_refused_request_to_another_of_its_accounts_at_once() -> None:
    found = log(part("honest_gateway", 6, 1_200, schedule="random"))
    end = seconds(found.rows[-1]) - 60
    refused = [r for r in found.rows if r["status"] != 200 and seconds(r) < end]
    assert refused
    for row in refused:
        (again,) = [
            r for r in found.rows
            if 0 < seconds(r) - seconds(row) < 3 and r["messages"] == row["messages"] and r["status"] == 200
        ]  # fmt: skip
        assert again["account_id"] != row["account_id"]


def test_a_fallback_router_hands_over_to_its_own_second_account_only() -> None:
    found = log(part("fallback_routers", 12, 500))
    failed = {last_user(r): r for r in found.rows if r["status"] != 200}
    handed = [r for r in found.rows if r["status"] == 200 and last_user(r) in failed]
    assert 0.3 < len(handed) / len(failed) < 0.7
    for row in handed:
        first = failed[last_user(row)]
        assert 0 < seconds(row) - seconds(first) < 1
        assert row["account_id"] != first["account_id"]
        assert len({found.accounts[r["account_id"]]["payment_fp"] for r in (row, first)}) == 1


def test_a_rotated_key_stays_within_the_organisation_and_the_old_one_is_refused_first() -> None:
    found = log(part("key_rotations", 8, 400))
    assert all(r["org_id"] for r in found.rows)
    refused = [r for r in found.rows if r["status"] == 403]
    for row in refused:
        (again,) = [r for r in found.rows if r["messages"] == row["messages"] and r["status"] == 200]
        assert again["account_id"] != row["account_id"] and again["org_id"] == row["org_id"]
        assert 0 < seconds(again) - seconds(row) < 9
    last: dict[str, float] = {}
    for row in found.rows:
        if row["status"] == 200:
            last[row["account_id"]] = seconds(row)
    for account, at in last.items():
        assert found.accounts[account]["created_at"].timestamp() < at


@pytest.fixture(scope="module")
def moved() -> Log:
    return log(part("migrations", 24, 600))


def test_a_migrated_conversation_goes_on_within_the_firm(moved: Log) -> None:
    assert not never_issued(moved.rows)
    carried = taken_over(moved.rows)
    assert len({r["account_id"] for r in carried}) > 8
    firms: dict[str, set[str]] = defaultdict(set)
    for row in moved.rows:
        firms[row["output"]].add(moved.accounts[row["account_id"]]["payment_fp"])
    for row in carried:
        own = moved.accounts[row["account_id"]]["payment_fp"]
        assert all(own in firms[said] for said in quoted(row))


def test_the_old_account_is_closed_when_the_new_one_opens(moved: Log) -> None:
    closed = [a for a in moved.accounts.values() if a["status"] == "suspended"]
    assert len(closed) >= 8
    for account in closed:
        late = [r for r in moved.by().get(account["account_id"], ()) if r["time"] > account["status_at"]]
        assert all((r["time"] - account["status_at"]).total_seconds() < 70 for r in late)
