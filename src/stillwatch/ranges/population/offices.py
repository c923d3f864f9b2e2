"""Many people at one address: offices, agencies, classes, hackathons; and firms with many keys."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.actors import clients
from stillwatch.ranges.actors.labels import Label
from stillwatch.ranges.actors.networks import Codes
from stillwatch.ranges.actors.roster import Accounts
from stillwatch.ranges.arrivals import heavy_tail, profiles, rhythm
from stillwatch.ranges.hashing import mix
from stillwatch.ranges.population.people import CHAT, chatting
from stillwatch.ranges.text import Script
from stillwatch.ranges.traffic.faults import retried
from stillwatch.ranges.traffic.habits import LAUNCHED, MEDIUM
from stillwatch.ranges.traffic.jobs import instruct, quote
from stillwatch.ranges.traffic.scene import DAY, Part, Scene
from stillwatch.ranges.traffic.talk import by_account, calls, conversations, dress, rows, speak

# No small talk and no refusals: every answer is a draft to be passed on.
DRAFTS: Final = Script(opening="request", follow_up="follow_up", answer="answer")


def one_roof(
    scene: Scene, rng: np.random.Generator, label: Label, count: int, network: Codes, **given: Any
) -> Accounts:
    """Open accounts of unrelated people whose traffic leaves through one address and one gateway."""
    programs = rng.choice(np.concatenate([clients.BROWSER, clients.SDK]), count)
    gateway = scene.ids("roof", scene.roster.size, count=1)[0]
    shown = {"network": np.repeat(network[:1], count), "client": programs, "gateway": gateway}
    return scene.register(rng, count, label, **(shown | given))


def office(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """An office behind one NAT address and one outgoing gateway; everybody has an account of their own."""
    label = Label("office_nat")
    accounts = one_roof(scene, rng, label, part.accounts, scene.networks.office(rng, 1))
    counts = heavy_tail(rng, part.accounts, part.exchanges, 1.4)
    scene.emit(retried(chatting(scene, rng, part, accounts, counts, label, hours="office"), rng), part)


def agency(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """A copy agency: one address, one house style in everybody's system text, clients of their own."""
    label = Label("agency_nat")
    accounts = one_roof(scene, rng, label, part.accounts, scene.networks.office(rng, 1))
    counts = heavy_tail(rng, part.accounts, part.exchanges, 1.4)
    plan = chatting(scene, rng, part, accounts, counts, label, hours="office")
    instruct(scene, plan, "product_system", np.full(len(plan), scene.ids("house style", part, count=1)[0]))
    scene.emit(retried(plan, rng), part)


def editors(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Colleagues who work over each other's drafts: an answer to one is pasted into another's prompt."""
    label = Label("editing_desk")
    accounts = one_roof(scene, rng, label, max(2, part.accounts), scene.networks.office(rng, 1))
    counts = heavy_tail(rng, len(accounts), max(len(accounts), part.exchanges * 2 // 3), 1.4)
    plan = chatting(scene, rng, part, accounts, counts, label, hours="office", script=DRAFTS)
    given = plan[rng.random(len(plan)) < 0.5]
    passed = rows(scene, accounts, rng.integers(0, len(accounts), len(given)), label)
    passed["time"] = given["time"] + 600 * rng.lognormal(0.5, 1.0, len(given))
    passed["thread"] = mix(given["thread"], given["turn"].astype(np.uint64) + np.uint64(101))
    passed["topic"] = given["topic"]
    dress(scene, rng, passed, accounts, profiles=profiles("chat"))
    passed["profile"] = given["profile"]  # a quoted answer is as long as it was
    passed["script"] = scene.script(Script("summarise_prompt", "follow_up", "answer"))
    answers = scene.texts.symbols("answer")[_languages(scene, given)]
    quote(passed, "arg0", answers, given["topic"], mix(given["thread"], given["turn"].astype(np.uint64)))
    scene.emit(retried(np.concatenate([plan, passed]), rng), part)


def _languages(scene: Scene, plan: NDArray[Any]) -> np.ndarray:
    """Return the language of each row of an editing desk, from its script."""
    scripts = scene.scripts(DRAFTS)
    order = np.argsort(scripts)
    return order[np.searchsorted(scripts[order], plan["script"])]


def classroom(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """A class that runs one notebook: the same questions in the same hour, on campus or from home."""
    campus = bool(part.options.get("campus"))
    label, count = Label("class_campus" if campus else "class_homes"), part.accounts
    if campus:
        accounts = one_roof(scene, rng, label, count, scene.networks.office(rng, 1), programme=0)
    else:
        homes, programs = scene.networks.home(rng, count), rng.choice(clients.SCRIPT, count)
        accounts = scene.register(rng, count, label, network=homes, client=programs, programme=0)
    cells = max(2, part.exchanges // count)
    plan = rows(scene, accounts, np.repeat(np.arange(count), cells), label)
    number = np.tile(np.arange(cells), count).astype(np.uint64)
    course = scene.ids("course", part, count=1)[0]
    begin = (int(scene.days * 0.4) * 24 + 9) * 3600.0 + 900 * rng.random(count)
    plan["time"] = (
        np.repeat(begin, cells)
        + (60 + 240 * rng.random(len(plan))).reshape(count, cells).cumsum(axis=1).ravel()
    )
    # Equal questions in talks of their own: the text is the course's, the reasoning block the learner's.
    plan["topic"], plan["thread2"], plan["fork"] = mix(course, number), mix(mix(course, 103), number), 0
    plan["thread"] = scene.ids("lesson", part, count=len(plan))
    plan["sample"] = 1 + rng.integers(0, 60_000, len(plan))
    notebook = rng.choice(profiles("chat"), 1)  # the same questions are equally long
    dress(scene, rng, plan, accounts, model=MEDIUM, profiles=notebook)
    plan["script"] = scene.script(Script("lesson_request", "lesson_follow_up", "lesson_answer"))
    instruct(scene, plan, "product_system", np.full(len(plan), course))
    scene.emit(retried(plan, rng), part)


def hackathon(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Two nights, one hall, new accounts with event credit, starter code with one system text."""
    label, count = Label("hackathon"), part.accounts
    fresh = {"born": -3600.0, "programme": 2, "card": 0}
    accounts = one_roof(scene, rng, label, count, scene.networks.office(rng, 1), **fresh)
    plan = conversations(
        scene, rng, part, accounts, heavy_tail(rng, count, part.exchanges, 1.7), label, rhythm("even")
    )
    plan["time"] = scene.span * 0.5 + plan["time"] / scene.span * min(2 * DAY, scene.span * 0.4)
    dress(scene, rng, plan, accounts, profiles=profiles("chat"))
    speak(scene, rng, plan, accounts, scene.scripts(CHAT))
    starter = np.full(len(plan), scene.ids("starter", part, count=1)[0])
    own = scene.roster.rows["uid"][plan["account"]]
    kept = by_account(plan, accounts, rng.random(count) < 0.6)
    instruct(scene, plan, "product_system", np.where(kept, starter, own))
    scene.emit(retried(plan, rng), part)


def enterprise(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """One firm with many keys as accounts and several products; option `declared`: yes, no, or late."""
    declared = str(part.options.get("declared", "yes"))
    kind = {"yes": "enterprise", "no": "enterprise_undeclared", "late": "enterprise_late"}[declared]
    label, org = Label(kind), scene.ids("enterprise", part, count=1)[0]
    base = np.repeat(scene.networks.hosting(rng, 1), part.accounts)
    given = {
        "org": 0 if declared == "no" else org,
        "card": mix(org, 1),
        "mail": -1,
        "firm": org,
        "verification": 4,
    }
    if declared == "late":
        given["declared"] = scene.span * 0.7
    programs = rng.choice(clients.SDK[:6], part.accounts)
    accounts = scene.register(
        rng, part.accounts, label, network=scene.networks.beside(rng, base), client=programs, **given
    )
    counts = heavy_tail(rng, part.accounts, part.exchanges, 1.3)
    plan = conversations(scene, rng, part, accounts, counts, label, rhythm("office"), mean=1.6)
    dress(scene, rng, plan, accounts, profiles=profiles("chat"))
    languages = speak(scene, rng, plan, accounts, scene.scripts(CHAT))
    product = by_account(plan, accounts, rng.integers(0, 4, part.accounts)).astype(np.uint64)
    instruct(scene, plan, "product_system", mix(org, product), languages)
    # Keys of one firm share its question: one product's requests are about the product's things.
    plan["topic"] = np.where(
        plan["thread"] % np.uint64(3) == 0, mix(org, product + np.uint64(9)), plan["topic"]
    )
    scene.emit(retried(plan, rng), part)


def launch_day(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Accounts that come for the new model on its first day: moves of everybody, not of one."""
    label = Label("launch_day")
    accounts = scene.people(rng, part.accounts, label)
    counts = heavy_tail(rng, part.accounts, part.exchanges, 1.5)
    plan = calls(scene, rng, part, accounts, counts, label, rhythm("even"))
    plan["time"] = scene.launch + plan["time"] / scene.span * min(DAY, scene.span * 0.3)
    dress(scene, rng, plan, accounts, model=LAUNCHED, profiles=profiles("chat"))
    speak(scene, rng, plan, accounts, scene.scripts(CHAT))
    scene.emit(retried(plan, rng), part)
