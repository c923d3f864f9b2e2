"""Coding agents: a public tool whose long system text and tools thousands of unrelated accounts share."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.actors import clients
from stillwatch.ranges.actors.clients import opaque
from stillwatch.ranges.actors.labels import Label
from stillwatch.ranges.actors.roster import Accounts
from stillwatch.ranges.arrivals import heavy_tail, profiles, rhythm
from stillwatch.ranges.hashing import mix
from stillwatch.ranges.text import Script
from stillwatch.ranges.traffic.faults import retried
from stillwatch.ranges.traffic.habits import LARGE, MEDIUM, Habit
from stillwatch.ranges.traffic.jobs import instruct
from stillwatch.ranges.traffic.plan import NO_REPLAY, Plan
from stillwatch.ranges.traffic.scene import DAY, Part, Scene
from stillwatch.ranges.traffic.talk import by_account, conversations

TOOLS: Final = ("read_file", "search_files", "edit_file", "run_command", "list_directory", "ask_user")
AGENT: Final = Script(
    opening="task",
    follow_up="task",
    answer="change",
    tool="tool_result",
    call="call_arguments",
    tool_names=TOOLS[:4],
)
_HABIT: Final = Habit(
    max_tokens=32_000, stream=True, tools=TOOLS, tools_hash=opaque("ferrule tools"), reasoning_effort="medium"
)
_BEFORE: Final = 2  # turns of a session before a colleague may take it over


def working(
    scene: Scene,
    rng: np.random.Generator,
    name: object,
    accounts: Accounts,
    counts: NDArray[np.int64],
    label: Label,
) -> Plan:
    """Plan agent sessions: a task, then tool calls until it is done; the whole history goes along each time."""
    plan = conversations(
        scene, rng, name, accounts, counts, label, rhythm("office"), mean=5.0, most=16, pause=0.15
    )
    count = len(accounts)
    plan["habit"] = scene.habits.number(_HABIT)
    plan["model"] = by_account(plan, accounts, rng.choice([LARGE, MEDIUM], count))
    plan["profile"] = by_account(plan, accounts, rng.choice(profiles("code"), count))
    plan["script"] = scene.script(AGENT)
    # The environment of a machine is filled into the public text, as real agents do: one a machine and day.
    own = scene.roster.rows["uid"][plan["account"]]
    instruct(scene, plan, "agent_system", own)
    plan["system_seed"] = mix(own, (plan["time"] // DAY).astype(np.uint64))
    plan["thinks"], plan["session"] = True, plan["thread"]
    return plan


def coding_agents(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Unrelated developers, each in their own repository, all with the one public agent."""
    label = Label("coding_agent", capability="agentic_coding")
    accounts = developers(scene, rng, part.accounts, label)
    counts = heavy_tail(rng, part.accounts, part.exchanges, 1.4)
    scene.emit(retried(working(scene, rng, part, accounts, counts, label), rng), part)


def developers(scene: Scene, rng: np.random.Generator, count: int, label: Label) -> Accounts:
    """Open accounts of developers with the public agent on their own machine."""
    device = scene.ids("laptop", scene.roster.size, count=count)
    client = rng.choice(clients.AGENT, count)
    return scene.register(
        rng, count, label, network=scene.networks.home(rng, count), client=client, device=device
    )


def resumed_sessions(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Colleagues who take over each other's agent sessions, with history and reasoning blocks.

    One in three resumes after the history was compacted: a block is presented without its conversation.
    """
    label = Label("resumed_session", capability="agentic_coding")
    accounts = developers(scene, rng, max(2, part.accounts // 2 * 2), label)
    firm = scene.ids("dev shop", part, count=len(accounts) // 2).repeat(2)
    scene.roster.rows["firm"][accounts], scene.roster.rows["mail"][accounts] = firm, -1
    counts = heavy_tail(rng, len(accounts), part.exchanges, 1.6)
    plan = working(scene, rng, part, accounts, counts, label)
    place = by_account(plan, accounts, np.arange(len(accounts)))
    lot = mix(plan["thread"], 47)
    taken = (lot % np.uint64(3) == 0) & (plan["turn"] >= _BEFORE)
    plan["account"] = np.where(taken, accounts[place ^ 1], plan["account"])
    who = scene.roster.rows[plan["account"]]
    for name in ("network", "client", "device"):
        plan[name] = np.where(taken, who[name], plan[name])
    plan["tls"] = who["client"]
    plan["time"] += np.where(taken, 900.0, 0.0)
    _compact(plan, taken & ((lot >> np.uint64(9)) % np.uint64(3) == 0))
    scene.emit(retried(plan, rng), part)


def _compact(plan: Plan, rows: NDArray[np.bool_]) -> None:
    """Replace the first turns by a task told anew, and present their last reasoning block without them."""
    plan["replay"] = np.where(rows, plan["thread"], 0)
    plan["replay_turn"] = np.where(rows, _BEFORE - 1, NO_REPLAY)
    plan["thread"] = np.where(rows, mix(plan["thread"], 53), plan["thread"])
    plan["turn"] = np.where(rows, plan["turn"] - _BEFORE, plan["turn"])
