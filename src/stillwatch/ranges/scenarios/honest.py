"""The honest population of the scenarios: every hard negative, in the proportions of a mid-sized provider."""

from __future__ import annotations

from typing import Final

from stillwatch.ranges.scenarios.population import part
from stillwatch.ranges.traffic.scene import Part

BATCHES: Final = (
    "classification",
    "translation",
    "extraction",
    "summarisation",
    "moderation",
    "product_copy",
)

# Accounts and exchanges at scale 1, over a week: about 2,200 accounts and 25,000 exchanges.
HONEST: Final[tuple[Part, ...]] = (
    part("chat_users", 520, 3600),
    part("newcomers", 60, 360),
    part("tutors", 60, 800),
    part("night_owls", 50, 340),
    part("several_accounts", 60, 500),
    part("shared_chats", 40, 320),
    part("lost_histories", 30, 260),
    part("regenerations", 24, 200),
    part("launch_day", 60, 260),
    part("coding_agents", 220, 2400),
    part("resumed_sessions", 24, 320),
    part("rag_products", 24, 1000),
    part("saas", 20, 800),
    part("support_desks", 16, 700),
    part("popular_app", 240, 1300, app="minutes"),
    part("popular_app", 60, 400, app="digest"),
    *(part("single_batch", 6, 420, job=job) for job in BATCHES),
    part("permitted_synthesis", 2, 260),
    part("refusal_research", 4, 200),
    part("evaluation_runs", 10, 900),
    part("judges_in_ci", 16, 640),
    part("own_bot_judges", 8, 320),
    part("fallback_routers", 16, 320),
    part("key_rotations", 8, 200),
    part("migrations", 12, 240),
    part("honest_gateway", 1, 200),
    part("honest_gateway", 3, 240, schedule="round_robin"),
    part("honest_gateway", 8, 400, schedule="random"),
    part("honest_gateway", 5, 240, schedule="random", failure=0.03),
    part("honest_gateway", 6, 320, schedule="sticky", declares_org=True),
    part("firm_batch", 12, 420, declared=True),
    part("firm_batch", 12, 420, declared=False),
    part("load_test", 1, 240),
    part("office", 30, 420),
    part("agency", 12, 260),
    part("editors", 10, 240),
    part("classroom", 40, 240, campus=True),
    part("classroom", 40, 240, campus=False),
    part("hackathon", 24, 300),
    part("enterprise", 300, 900, declared="yes"),
    part("enterprise", 40, 340, declared="no"),
    part("enterprise", 40, 340, declared="late"),
)
