"""The scenarios by name: a first look, honest traffic alone, and all disclosed campaigns among it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stillwatch.ranges.scenarios.honest import HONEST
from stillwatch.ranges.scenarios.population import Population, part, scaled


def benign(scale: float = 1.0) -> Population:
    """Every hard negative and no campaign, over a week: about 25,000 exchanges of 2,200 accounts at scale 1."""
    return Population("benign", scaled(HONEST, scale), 7.0)


def demo(scale: float = 1.0) -> Population:
    """A first look: three campaigns among ordinary traffic, over three days."""
    parts = (
        part("chat_users", 60, 600),
        part("coding_agents", 16, 240),
        part("popular_app", 24, 220),
        part("rag_products", 2, 120),
        part("single_batch", 1, 300, job="classification"),
        part("evaluation_runs", 3, 240),
        part("judges_in_ci", 2, 80),
        part("firm_batch", 6, 180, declared=True),
        part("classroom", 12, 48, campus=True),
        part("dedicated_pool", 24, 900, "copper", harvest="cot", failure=0.03),
        part("hydra", 16, 900, "willow", harvest="instructions", share=0.4, egress="shared", bans=2),
        part("judging_loop", 12, 450, "quarry"),
    )
    return Population("demo", scaled(parts, scale) if scale != 1 else parts, 3.0)


def incident(scale: float = 1.0) -> Population:
    """The disclosed campaigns at a hundredth of their size and at their rates, among all hard negatives.

    Honest traffic is about four times the campaigns' at every scale; names are of trees.
    """
    days = 7.0
    campaigns = (
        # reasoning, grading and rewriting with load balancing (threats F1)
        part("judging_loop", 60, 1800, "alder"),
        # several kinds of account and pathways: tools, code, analysis, screens, images (F2)
        part("many_pathways", 80, 2400, "birch"),
        # agentic coding, pivot within a day of a release (F3)
        part("pivoting_coders", 60, 2400, "cedar", days=6.0, begin=1.0),
        # one injected prompt, residential exits, the whole pool banned and replaced (F6)
        part("injected_relay", 80, 3200, "dogwood", ban_all=0.55, identity="virtual_cards", replays=0.02),
        # a rival's own users at 5.6 exchanges an account and day, with replayed reasoning (F7)
        part("injected_relay", 60, round(60 * 5.6 * days), "elm", injects=False, replays=0.08, failure=0.005),
        # few hot accounts that clean stolen traces: 733 a day and account (F9)
        part("trace_cleaners", 3, round(3 * 733 * 1.0), "fir", days=1.0),
        # stored sessions replayed at 13 a day and account (F10)
        part("stored_sessions", 24, round(24 * 13.3 * days), "ginkgo"),
        # a probing stage before a harvest (F37)
        part("probing", 12, 1200, "hazel", days=1.0),
        # two labs over one pool beside customers (F25)
        part("two_labs", 40, 1600, "ironwood"),
        # resellers that mix customers with a harvest (F22), and reasoning in other languages (F13)
        part("hydra", 40, 1600, "juniper", harvest="cot", share=0.3, language="ja", egress="rotating"),
        part("hydra", 30, 1500, "kapok", harvest="instructions", share=0.1, passes_prints=True),
        # opaque reasoning issued to one account, read out by another (F36)
        part("reasoning_replay", 16, 640, "larch"),
        part(
            "dedicated_pool", 24, 900, "maple", harvest="preference", schedule="sticky", identity="careless"
        ),
        part("resale_pool", 24, 900),
        part("lone_harvester", 1, 300, harvest="cot"),
    )
    parts = (*scaled(HONEST, 4.0 * scale), *scaled(campaigns, scale))
    return Population("incident", parts, days)


SCENARIOS: Final[dict[str, Callable[[float], Population]]] = {
    "demo": demo,
    "benign": benign,
    "incident": incident,
}


def scenario(name: str, scale: float = 1.0) -> Population:
    """Return a scenario by name, `scale` times as large; ValueError names those that exist."""
    if name not in SCENARIOS:
        raise ValueError(f"scenario: expected one of {', '.join(SCENARIOS)}, found {name!r}")
    return SCENARIOS[name](scale)
