"""Every kind of traffic a range can hold, by name."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from stillwatch.ranges.honest import agents, apps, batches, evaluations, offices, people
from stillwatch.ranges.pools import campaigns
from stillwatch.ranges.world import Part, World

Kind = Callable[[World, Random, Part], None]

HONEST: dict[str, Kind] = {
    "chat_users": people.chat_users,
    "tutors": people.tutors,
    "night_owls": people.night_owls,
    "several_accounts": people.several_accounts,
    "shared_chats": people.shared_chats,
    "lost_histories": people.lost_histories,
    "regenerations": people.regenerations,
    "coding_agents": agents.coding_agents,
    "rag_products": apps.rag_products,
    "popular_app": apps.popular_app,
    "honest_gateway": apps.honest_gateway,
    "fallback_routers": apps.fallback_routers,
    "key_rotations": apps.key_rotations,
    "single_batch": batches.single_batch,
    "firm_batch": batches.firm_batch,
    "load_test": batches.load_test,
    "permitted_synthesis": batches.permitted_synthesis,
    "evaluation_runs": evaluations.evaluation_runs,
    "judges_in_ci": evaluations.judges_in_ci,
    "office": offices.office,
    "agency": offices.agency,
    "classroom": offices.classroom,
    "hackathon": offices.hackathon,
    "enterprise": offices.enterprise,
    "migrations": offices.migrations,
}
POOLS: dict[str, Kind] = {
    "dedicated_pool": campaigns.dedicated_pool,
    "hydra": campaigns.hydra,
    "judging_loop": campaigns.judging_loop,
    "reasoning_replay": campaigns.reasoning_replay,
    "resale_pool": campaigns.resale_pool,
    "injected_relay": campaigns.injected_relay,
    "two_labs": campaigns.two_labs,
    "lone_harvester": campaigns.lone_harvester,
}
KINDS: dict[str, Kind] = HONEST | POOLS
