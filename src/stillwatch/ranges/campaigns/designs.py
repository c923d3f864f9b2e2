"""The designs of campaigns, one function each; every row is labelled with its campaign's name."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.actors.labels import Label
from stillwatch.ranges.arrivals import arrivals, heavy_tail, rhythm, shapes
from stillwatch.ranges.campaigns.harvest import Harvest, answered, answers_of, fields
from stillwatch.ranges.campaigns.identities import IDENTITIES
from stillwatch.ranges.hashing import mix, stream
from stillwatch.ranges.population.agents import developers, working
from stillwatch.ranges.population.gateways import served
from stillwatch.ranges.traffic.habits import LARGE, LAUNCHED, MEDIUM
from stillwatch.ranges.traffic.jobs import instruct, quote
from stillwatch.ranges.traffic.plan import OK, Plan, joined
from stillwatch.ranges.traffic.pool import Pool
from stillwatch.ranges.traffic.scene import DAY, Part, Scene

POOL_OPTIONS: Final = (
    "schedule", "weights", "egress", "failure", "bans", "ban_all", "passes_prints", "pathways", "identity",
)  # fmt: skip
HARVEST_OPTIONS: Final = ("public", "shuffled", "duplicates", "samples", "language")


def named(part: Part) -> str:
    """Return the name of a part's campaign."""
    return part.name or part.kind


def harvest_of(part: Part, family: str | None = None) -> Harvest:
    """Return the harvest that a part's options describe."""
    chosen = {k: part.options[k] for k in HARVEST_OPTIONS if k in part.options}
    return Harvest(family or str(part.options.get("harvest", "cot")), named(part), **chosen)


def pool_of(
    scene: Scene, rng: np.random.Generator, part: Part, label: Label, role: str, **defaults: Any
) -> Pool:
    """Staff the pool that a part's options describe."""
    chosen = {k: part.options[k] for k in POOL_OPTIONS if k in part.options}
    if "ban_all" in chosen:  # given as a share of the range
        chosen["ban_all"] = float(chosen["ban_all"]) * scene.span
    if "identity" in chosen:
        chosen["identity"] = IDENTITIES[str(chosen["identity"])](scene, named(part))
    return Pool(scene, rng, label, role, part.accounts, **(defaults | chosen))


def instants(scene: Scene, rng: np.random.Generator, part: Part, count: int) -> NDArray[np.float64]:
    """Return when a pipeline works: within a window of `days`, evenly or in `hours` of people, in bursts."""
    span = min(scene.days, float(part.options.get("days", scene.days * 0.5)))
    hours = rhythm(str(part.options.get("hours", "even")))
    shape, family = shapes(rng, 1)
    begin = float(part.options.get("begin", rng.random())) * (scene.days - span) * DAY
    _, at = arrivals(rng, np.array([count]), span, np.array([hours], np.int32), shape, family, np.zeros(1))
    return begin + at


def dedicated_pool(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """A pool that does one harvest and nothing else.

    Options: `harvest` (a family), those of `Harvest` and `Pool`, `days`, `hours`, `begin`.
    """
    harvest = harvest_of(part)
    pool = pool_of(scene, rng, part, harvest.label, "operator")
    plan = harvest.plan(scene, rng, instants(scene, rng, part, part.exchanges))
    scene.emit(pool.carry(plan, _key(scene, part, plan)), part)


def _key(scene: Scene, part: Part, plan: Plan) -> NDArray[np.uint64]:
    """Return what a sticky relay sticks by: the pipeline's system text (all alike), or each item's field."""
    if part.options.get("sticks_by") == "topic":
        return fields(scene, plan["arg0_topic"], part.accounts)
    return np.zeros(len(plan), dtype=np.uint64)


def hydra(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """A pool that carries paying customers beside a harvest of `options.share` of its exchanges."""
    harvest = harvest_of(part)
    share = float(part.options.get("share", 0.3))
    pool = pool_of(scene, rng, part, harvest.label, "mixed")
    taken = max(1, round(part.exchanges * share))
    plan = harvest.plan(scene, rng, instants(scene, rng, part, taken))
    bought = part.exchanges - taken
    paying = served(scene, rng, part, Label("pool_customer"), max(3, bought // 40), bought)
    keys = np.concatenate([_key(scene, part, plan), paying["thread"]])
    scene.emit(pool.carry(joined(plan, paying), keys), part)


def judging_loop(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Reasoning is drawn, and its answers are graded and rewritten by other accounts of one balanced pool."""
    third = part.exchanges // 3
    asks = harvest_of(part, "cot")
    pool = pool_of(scene, rng, part, harvest_of(part, "grading").label, "operator", schedule="round_robin")
    asked = asks.plan(scene, rng, instants(scene, rng, part, third))
    plans = [asked]
    for family in ("grading", "rewriting"):
        later = harvest_of(part, family).plan(
            scene, rng, asked["time"] + 3600 * (0.5 + 2 * rng.random(third))
        )
        symbol, topics, seeds = answers_of(scene, asked, "cot")
        quote(later, "arg0", scene.texts.symbol("exam_question"), topics, mix(topics, 5))
        quote(later, "arg1", symbol, topics, seeds)
        later["profile"] = asked["profile"]  # a quoted answer is as long as it was
        plans.append(later[answered(asked, "cot")])
    scene.emit(pool.carry(joined(*plans)), part)


def many_pathways(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Agents' skills by several kinds of account over several platforms, made to look unrelated."""
    families = ("tools", "coding", "analysis", "screens", "images")
    each = part.exchanges // len(families)
    own = harvest_of(part, families[0])
    pool = pool_of(
        scene, rng, part, own.label, "operator", pathways=(0, 0, 1, 2, 3), egress="rotating", weights=0.6
    )
    plans = [harvest_of(part, f).plan(scene, rng, instants(scene, rng, part, each)) for f in families]
    scene.emit(pool.carry(joined(*plans)), part)


def pivoting_coders(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Agentic coding; within a day of a release half of the traffic moves to the new model."""
    harvest = harvest_of(part, "coding")
    pool = pool_of(scene, rng, part, harvest.label, "operator", weights=0.3)
    plan = harvest.plan(scene, rng, instants(scene, rng, part, part.exchanges))
    moved = (plan["time"] > scene.launch + 0.8 * DAY * rng.random()) & (
        mix(plan["thread"], 113) % np.uint64(2) == 0
    )
    plan["model"] = np.where(moved, LAUNCHED, MEDIUM)
    scene.emit(pool.carry(plan), part)


def injected_relay(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Ordinary people's traffic with one fixed prompt put in front of all of it.

    With `ban_all` (a share of the range) the whole pool is banned then and a second one takes over.
    """
    injects = bool(part.options.get("injects", True))
    kind, takes = ("injected_relay", "reasoning_elicitation") if injects else ("silent_relay", "general")
    label = Label(kind, named(part), takes)
    pool = pool_of(scene, rng, part, label, "operator", egress="rotating")
    plan = served(scene, rng, part, label, max(4, part.exchanges // 25), part.exchanges)
    if injects:
        own = np.uint64(stream(scene.seed, "injected", named(part)))
        instruct(scene, plan, "injected_system", np.full(len(plan), own))
    plan["model"] = LARGE
    carried = pool.carry(plan)
    _replays(carried, float(part.options.get("replays", 0.0)), rng)
    scene.emit(carried, part)


def _replays(plan: Plan, share: float, rng: np.random.Generator) -> None:
    """Let some rows present a block of reasoning that was issued in another conversation."""
    if share <= 0:
        return
    turn = mix(plan["thread"], plan["turn"].astype(np.uint64))
    refused = np.isin(turn, turn[plan["status"] != OK])
    order = np.flatnonzero(~refused & plan["thinks"])
    order = order[np.argsort(plan["time"][order])]
    # Only those that think have blocks to present: so many of theirs that `share` of all rows do.
    often = min(1.0, share * len(plan) / max(len(order), 1))
    place = np.flatnonzero(rng.random(len(order)) < often)
    hit, other = order[place], order[(place * rng.random(len(place))).astype(np.int64)]
    # One's own blocks go along with the history anyway.
    foreign = (plan["time"][other] < plan["time"][hit]) & (plan["thread"][other] != plan["thread"][hit])
    hit, other = hit[foreign], other[foreign]
    plan["replay"][hit], plan["replay_turn"][hit] = plan["thread"][other], plan["turn"][other]


def reasoning_replay(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Opaque reasoning issued to one account is read out by another, without its conversation."""
    harvest = harvest_of(part, "cot")
    pool = pool_of(scene, rng, part, harvest.label, "operator")
    half = part.exchanges // 2
    issued = harvest.plan(scene, rng, instants(scene, rng, part, half))
    issued["thinks"] = True
    read = harvest_of(part, "probing").plan(scene, rng, issued["time"] + 1800 * (0.1 + rng.random(half)))
    order = np.argsort(issued["time"])
    read["replay"], read["replay_turn"] = issued["thread"][order], 0
    scene.emit(pool.carry(joined(issued, read)), part)


def trace_cleaners(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Few hot accounts that normalise and grade reasoning traces stolen elsewhere; some are banned amid it."""
    harvest = harvest_of(part, "cleaning")
    plan = harvest.plan(scene, rng, instants(scene, rng, part, part.exchanges))
    window = (float(plan["time"][0]), float(plan["time"][-1]))
    pool = pool_of(
        scene, rng, part, harvest.label, "operator",
        schedule="round_robin", bans=part.accounts // 3, window=window,
    )  # fmt: skip
    scene.emit(pool.carry(plan), part)


def stored_sessions(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Stored agent sessions of a rival's own users, replayed turn by turn at a few a day and account."""
    label = Label("stored_sessions", named(part), "agentic_coding")
    pool = pool_of(scene, rng, part, label, "operator", schedule="sticky", egress="rotating")
    people = max(4, part.exchanges // 40)
    with scene.offstage():
        owners = developers(scene, rng, people, label)
        plan = working(scene, rng, part, owners, heavy_tail(rng, people, part.exchanges, 1.4), label)
    plan["turn"] += 2  # the stored turns before were another model's
    plan["thinks"], plan["session"], plan["model"] = False, 0, LARGE
    scene.emit(pool.carry(plan), part)


def probing(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """A probing stage: thousands of variants of one question, nearly all refused, before a harvest begins."""
    harvest = harvest_of(part, "probing")
    pool = pool_of(scene, rng, part, harvest.label, "operator", schedule="round_robin")
    scene.emit(pool.carry(harvest.plan(scene, rng, instants(scene, rng, part, part.exchanges))), part)


def two_labs(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Two operators over one pool, each with a pipeline of its own, beside some customers."""
    labs = (Harvest("cot", f"{named(part)}-a"), Harvest("instructions", f"{named(part)}-b"))
    pool = pool_of(scene, rng, part, labs[0].label, "mixed", also=(labs[1].label,))
    share = part.exchanges * 2 // 5
    plans = [lab.plan(scene, rng, instants(scene, rng, part, share)) for lab in labs]
    paying = served(scene, rng, part, Label("pool_customer"), max(3, share // 80), part.exchanges - 2 * share)
    scene.emit(pool.carry(joined(*plans, paying)), part)


def resale_pool(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """A reseller that declares nothing and harvests nothing: customers through throwaway accounts."""
    label = Label("resale_pool")
    pool = pool_of(scene, rng, part, label, "customer", failure=0.03)
    scene.emit(
        pool.carry(served(scene, rng, part, label, max(3, part.exchanges // 30), part.exchanges)), part
    )


def lone_harvester(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """One account that harvests by itself: extraction without coordination (no campaign)."""
    harvest = harvest_of(part)
    label = Label("lone_harvest", None, harvest.label.capability)
    pool = pool_of(scene, rng, part, label, "benign")
    plan = harvest.plan(scene, rng, instants(scene, rng, part, part.exchanges))
    plan["label"] = scene.labels.number(label)
    scene.emit(pool.carry(plan), part)
