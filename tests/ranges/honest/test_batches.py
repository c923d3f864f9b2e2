from __future__ import annotations

import pytest

from stillwatch.ranges.honest.batches import JOBS
from tests.ranges.reading import Log, last_user


@pytest.mark.parametrize("kind", sorted(JOBS))
def test_a_batch_has_one_instruction_and_ever_new_items(kind: str, incident_log: Log) -> None:
    for rows in incident_log.by(kind).values():
        assert len({r["system"] for r in rows}) == 1
        served = [r for r in rows if r["status"] == 200]
        assert len({last_user(r) for r in served}) > 0.9 * len(served)


def test_a_firm_is_declared_or_known_by_network_and_card(incident_log: Log) -> None:
    for kind, declared in (("firm_batch", True), ("firm_batch_undeclared", False)):
        rows = incident_log.of(kind)
        accounts = [incident_log.accounts[a] for a in {r["account_id"] for r in rows}]
        assert len(accounts) == 12
        assert len({a["payment_fp"] for a in accounts}) == len({r["ip"] for r in rows}) == 1
        assert {a["org_id"] is not None for a in accounts} == {declared}


def test_a_load_test_repeats_one_prompt(incident_log: Log) -> None:
    assert len({last_user(r) for r in incident_log.of("load_test")}) == 1


def test_permitted_synthesis_is_declared(incident_log: Log) -> None:
    for account in incident_log.by("permitted_synthesis"):
        row = incident_log.accounts[account]
        assert row["distillation_permitted"] and row["declared_use"] == "synthetic_data"
