"""Every kind of traffic a range can hold, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from stillwatch.ranges.campaigns import designs
from stillwatch.ranges.population import agents, apps, batches, evaluations, gateways, offices, people
from stillwatch.ranges.traffic.scene import Part, Scene

Kind = Callable[[Scene, np.random.Generator, Part], None]

# Unrelated people or firms: more of them is simply a larger part, which may be made in pieces.
ELASTIC: Final[dict[str, Kind]] = {
    "chat_users": people.chat_users,
    "newcomers": people.newcomers,
    "tutors": people.tutors,
    "night_owls": people.night_owls,
    "several_accounts": people.several_accounts,
    "shared_chats": people.shared_chats,
    "lost_histories": people.lost_histories,
    "regenerations": people.regenerations,
    "coding_agents": agents.coding_agents,
    "resumed_sessions": agents.resumed_sessions,
    "rag_products": apps.rag_products,
    "saas": apps.saas,
    "support_desks": apps.support_desks,
    "popular_app": apps.popular_app,
    "single_batch": batches.single_batch,
    "refusal_research": batches.refusal_research,
    "permitted_synthesis": batches.permitted_synthesis,
    "evaluation_runs": evaluations.evaluation_runs,
    "judges_in_ci": evaluations.judges_in_ci,
    "own_bot_judges": evaluations.own_bot_judges,
    "fallback_routers": gateways.fallback_routers,
    "key_rotations": gateways.key_rotations,
    "migrations": gateways.migrations,
    "launch_day": offices.launch_day,
}
# One firm, house, class or event: more of them is more parts.
SINGLE: Final[dict[str, Kind]] = {
    "honest_gateway": gateways.honest_gateway,
    "firm_batch": batches.firm_batch,
    "load_test": batches.load_test,
    "office": offices.office,
    "agency": offices.agency,
    "editors": offices.editors,
    "classroom": offices.classroom,
    "hackathon": offices.hackathon,
    "enterprise": offices.enterprise,
}
POOLS: Final[dict[str, Kind]] = {
    name: getattr(designs, name)
    for name in (
        "dedicated_pool", "hydra", "judging_loop", "many_pathways", "pivoting_coders", "injected_relay",
        "reasoning_replay", "trace_cleaners", "stored_sessions", "probing", "two_labs", "resale_pool",
        "lone_harvester",
    )
}  # fmt: skip
KINDS: Final[dict[str, Kind]] = ELASTIC | SINGLE | POOLS
