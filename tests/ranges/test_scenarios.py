from __future__ import annotations

from stillwatch.ranges import SCENARIOS, Range, benign, build, demo, incident
from stillwatch.ranges.kinds import HONEST, KINDS, POOLS
from tests.ranges.reading import Log


def test_every_scenario_has_its_size() -> None:
    assert 3_000 <= demo().exchanges <= 5_000 and 120 <= demo().accounts <= 200
    assert 3_000 <= benign().exchanges <= 6_000
    assert 50_000 <= incident().exchanges <= 100_000
    assert set(SCENARIOS) == {"demo", "benign", "incident"}


def test_benign_holds_every_honest_kind_and_no_pool() -> None:
    assert {p.kind for p in benign().parts} == set(HONEST)
    built = build("benign", seed=3)
    assert built.truth["campaign"].null_count == built.truth.num_rows
    assert set(built.truth_accounts["role"].to_pylist()) == {"benign"}


def test_the_incident_holds_every_kind(incident_range: Range) -> None:
    assert {p.kind for p in incident().parts} == set(KINDS)
    assert set(POOLS) <= {p.kind for p in incident().parts}
    campaigns = set(incident_range.truth["campaign"].to_pylist()) - {None}
    assert len(campaigns) == 13


def test_the_demo_has_three_campaigns(demo_range: Range) -> None:
    assert set(demo_range.truth["campaign"].to_pylist()) == {None, "copper", "willow", "quarry"}


def test_every_kind_of_traffic_is_labelled(incident_log: Log) -> None:
    kinds = {row["kind"] for row in incident_log.rows}
    assert {
        "chat", "tutor", "night_vpn", "several_accounts", "shared_chat", "lost_history", "regenerated",
        "coding_agent", "rag_app", "popular_app", "honest_reseller", "fallback_router", "key_rotation",
        "classification_batch", "translation_batch", "extraction_batch", "summarisation_batch", "firm_batch",
        "firm_batch_undeclared", "load_test", "permitted_synthesis", "eval_run", "ci_judge", "office_nat",
        "agency_nat", "class_campus", "class_homes", "hackathon", "enterprise", "enterprise_undeclared",
        "key_migration", "cot_harvest", "code_harvest", "instruction_harvest", "grading_harvest",
        "rewriting_harvest", "reasoning_replay", "injected_relay", "pool_customer", "resale_pool",
        "lone_harvest",
    } == kinds  # fmt: skip
