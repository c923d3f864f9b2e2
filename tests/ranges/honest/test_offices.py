from __future__ import annotations

import pytest

from tests.ranges.reading import Log, last_user


@pytest.mark.parametrize("kind", ["office_nat", "agency_nat", "class_campus", "hackathon"])
def test_one_roof_is_one_address_and_shared_connections(kind: str, incident_log: Log) -> None:
    rows = incident_log.of(kind)
    assert len({r["ip"] for r in rows}) == 1
    connections = incident_log.by(kind, "conn_id")
    assert any(len({r["account_id"] for r in group}) > 1 for group in connections.values())


def test_a_class_asks_the_same_questions_within_an_hour_or_so(incident_log: Log) -> None:
    for kind in ("class_campus", "class_homes"):
        rows = incident_log.of(kind)
        assert len({r["account_id"] for r in rows}) == 40
        first = [r for r in rows if len(r["messages"]) == 1]
        assert len({last_user(r) for r in first}) < 10
        assert (rows[-1]["time"] - rows[0]["time"]).total_seconds() < 3 * 3_600
    assert len({r["ip"] for r in incident_log.of("class_homes")}) > 35


def test_an_enterprise_is_declared_or_known_by_card_and_domain(incident_log: Log) -> None:
    for kind, declared in (("enterprise", True), ("enterprise_undeclared", False)):
        accounts = [incident_log.accounts[a] for a in incident_log.by(kind)]
        assert len(accounts) == 60
        assert len({(a["payment_fp"], a["email_domain"]) for a in accounts}) == 1
        assert {a["org_id"] is not None for a in accounts} == {declared}


def test_a_migrated_conversation_goes_on_within_the_organisation(incident_log: Log) -> None:
    issued: dict[str, tuple[str, str]] = {}
    carried = 0
    for row in incident_log.of("key_migration"):
        for message in row["messages"]:
            owner = issued.get(message["content"])
            if message["role"] == "assistant" and owner and owner[0] != row["account_id"]:
                carried += 1
                assert owner[1] == row["org_id"]
        if row["output"]:
            issued[row["output"]] = (row["account_id"], row["org_id"])
    assert carried
