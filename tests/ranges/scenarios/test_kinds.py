from __future__ import annotations

from stillwatch.ranges.scenarios import scenario
from stillwatch.ranges.scenarios.honest import HONEST
from stillwatch.ranges.scenarios.kinds import ELASTIC, KINDS, POOLS, SINGLE
from tests.ranges.reading import Log


def test_every_kind_stands_in_one_list() -> None:
    assert len(ELASTIC) + len(SINGLE) + len(POOLS) == len(KINDS)


def test_every_honest_kind_is_in_the_honest_population_and_every_kind_in_the_incident() -> None:
    assert {p.kind for p in HONEST} == set(ELASTIC) | set(SINGLE)
    assert {p.kind for p in scenario("incident").parts} >= set(KINDS) - {"dedicated_pool"}


def test_every_kind_says_what_it_is() -> None:
    assert all(kind.__doc__ for kind in KINDS.values())


def test_every_kind_of_traffic_is_labelled(whole_log: Log) -> None:
    assert {row["kind"] for row in whole_log.rows} == {
        "chat", "new_account", "tutor", "night_vpn", "several_accounts", "shared_chat", "lost_history",
        "regenerated", "launch_day", "coding_agent", "resumed_session", "rag_app", "saas", "support_desk",
        "popular_app", "classification_batch", "translation_batch", "extraction_batch", "summarisation_batch",
        "moderation_batch", "product_copy_batch", "permitted_synthesis", "refusal_research", "eval_run",
        "ci_judge", "own_bot_judge", "fallback_router", "key_rotation", "key_migration", "honest_reseller",
        "firm_batch", "firm_batch_undeclared", "load_test", "office_nat", "agency_nat", "editing_desk",
        "class_campus", "class_homes", "hackathon", "enterprise", "enterprise_undeclared", "enterprise_late",
        "cot_harvest", "grading_harvest", "rewriting_harvest", "tools_harvest", "coding_harvest",
        "analysis_harvest", "screens_harvest", "images_harvest", "injected_relay", "cleaning_harvest",
        "stored_sessions", "probing_harvest", "instructions_harvest", "preference_harvest", "pool_customer",
        "resale_pool", "lone_harvest", "silent_relay",
    }  # fmt: skip
