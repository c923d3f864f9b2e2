from __future__ import annotations

from itertools import pairwise

import pytest

from stillwatch.ranges.population.batches import JOBS
from stillwatch.ranges.scenarios.population import part
from tests.ranges.reading import Log, last_user, log


@pytest.fixture(scope="module")
def found() -> Log:
    return log(
        *(part("single_batch", 4, 80, job=job) for job in JOBS),
        part("firm_batch", 12, 160, declared=True),
        part("firm_batch", 12, 160, declared=False),
        part("load_test", 2, 160),
        part("permitted_synthesis", 2, 60),
        part("refusal_research", 3, 120),
    )


@pytest.mark.parametrize("job", sorted(JOBS))
def test_a_batch_has_ever_new_items(job: str, found: Log) -> None:
    rows = [r for r in found.of(f"{job}_batch") if r["status"] == 200]
    assert 60 <= len(rows) <= 100
    assert len({last_user(r) for r in rows}) > 0.9 * len(rows)


def test_extraction_is_analysis_of_data(found: Log) -> None:
    assert {r["capability"] for r in found.of("extraction_batch")} == {"data_analysis"}


def test_a_firm_is_declared_or_known_by_network_and_card(found: Log) -> None:
    for kind, declared in (("firm_batch", True), ("firm_batch_undeclared", False)):
        accounts = found.holders(kind)
        assert len(accounts) == 12
        assert len({a["payment_fp"] for a in accounts}) == len({a["email_domain"] for a in accounts}) == 1
        assert {a["org_id"] is not None for a in accounts} == {declared}
        rows = found.of(kind)
        assert len({r["ip"].rsplit(".", 1)[0] for r in rows}) == 1
        assert {r["org_id"] is not None for r in rows} == {declared}


def test_a_load_test_repeats_a_handful_of_prompts_as_fast_as_it_may(found: Log) -> None:
    for rows in found.by(kind="load_test").values():
        assert len({last_user(r) for r in rows}) <= 5
        steps = sorted((b["time"] - a["time"]).total_seconds() for a, b in pairwise(rows))
        assert len(rows) < 10 or steps[len(steps) // 2] < 1.0


def test_permitted_synthesis_is_declared(found: Log) -> None:
    for account in found.holders("permitted_synthesis"):
        assert account["distillation_permitted"] and account["declared_use"] == "synthetic_data"
    others = [a for a in found.accounts.values() if a["declared_use"] != "synthetic_data"]
    assert not any(a["distillation_permitted"] for a in others)


def test_researchers_of_refusals_are_refused_and_say_what_they_do(found: Log) -> None:
    rows = [r for r in found.of("refusal_research") if r["status"] == 200]
    assert 0.25 < sum(r["finish_reason"] == "refusal" for r in rows) / len(rows) < 0.65
    assert {a["declared_use"] for a in found.holders("refusal_research")} == {"research"}
