"""Products built on the API: retrieval, multi-tenant software, support desks, a popular open-source app."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.actors import clients
from stillwatch.ranges.actors.labels import Label
from stillwatch.ranges.actors.roster import Accounts
from stillwatch.ranges.arrivals import heavy_tail, profiles, rhythm, rhythms_by_load
from stillwatch.ranges.hashing import mix
from stillwatch.ranges.population.people import CHAT
from stillwatch.ranges.traffic.faults import retried
from stillwatch.ranges.traffic.habits import Habit
from stillwatch.ranges.traffic.jobs import Job, assign, instruct
from stillwatch.ranges.traffic.plan import Plan
from stillwatch.ranges.traffic.scene import Part, Scene
from stillwatch.ranges.traffic.talk import by_account, calls, conversations, dress, speak

RAG: Final = Job("rag_prompt", "rag_answer", "rag_system", document="question", about_argument=False)
MINUTES: Final = Job("minutes_prompt", "minutes_answer", "minutes_system", habit=Habit(temperature=0.3))
TICKET: Final = Job(
    "ticket_prompt", "ticket_answer", "product_system", habit=Habit(temperature=0.2, max_tokens=800)
)


def working(
    scene: Scene,
    rng: np.random.Generator,
    name: object,
    accounts: Accounts,
    counts: NDArray[np.int64],
    label: Label,
    job: Job,
    *,
    hours: str | None = None,
    group: str = "api",
    strays: float = 0.1,
    firm: NDArray[np.uint64] | None = None,
) -> Plan:
    """Plan calls of one job by unrelated firms, each with its own instruction (`firm`: keys of instructions)."""
    rhythms = rhythms_by_load(rng, counts) if hours is None else rhythm(hours)
    plan = calls(scene, rng, name, accounts, counts, label, rhythms)
    dress(scene, rng, plan, accounts, habit=job.habit, profiles=profiles(group))
    languages = speak(scene, rng, plan, accounts, scene.scripts(CHAT), strays)
    own = mix(scene.roster.rows["uid"][accounts], np.uint64(61)) if firm is None else firm
    assign(scene, plan, job, by_account(plan, accounts, own), mix(plan["thread"], 13), languages)
    return plan


def rag_products(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Question answering over a firm's own documents: one account a product, one small store, many end users."""
    label = Label("rag_app")
    accounts = scene.firms(rng, part.accounts, label)
    counts = heavy_tail(rng, part.accounts, part.exchanges, 1.3)
    plan = working(scene, rng, part, accounts, counts, label, RAG)
    plan["end_user"] = _end_users(plan, 40)
    scene.emit(retried(plan, rng), part)


def saas(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Multi-tenant software: one account, an instruction for each tenant, tenants' users in conversation."""
    label = Label("saas")
    accounts = scene.firms(rng, part.accounts, label)
    counts = heavy_tail(rng, part.accounts, part.exchanges, 1.2)
    plan = conversations(scene, rng, part, accounts, counts, label, rhythm("office"), mean=2.2)
    dress(scene, rng, plan, accounts, profiles=profiles("chat"))
    languages = speak(scene, rng, plan, accounts, scene.scripts(CHAT), 0.3)
    tenant = mix(scene.roster.rows["uid"][plan["account"]], mix(plan["thread"], 67) % np.uint64(25))
    instruct(scene, plan, "product_system", tenant, languages)
    plan["end_user"] = mix(tenant, mix(plan["thread"], 71) % np.uint64(12))
    scene.emit(retried(plan, rng), part)


def support_desks(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Ticket answering: one instruction a firm, ever new short tickets, no follow-up."""
    label = Label("support_desk")
    accounts = scene.firms(rng, part.accounts, label)
    counts = heavy_tail(rng, part.accounts, part.exchanges, 1.3)
    scene.emit(retried(working(scene, rng, part, accounts, counts, label, TICKET), rng), part)


def popular_app(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """One open-source app, one template, hundreds of unrelated small customers with their own timing."""
    label = Label("popular_app", capability="data_analysis")
    hosted = rng.random(part.accounts) < 0.4
    places = np.where(
        hosted, scene.networks.hosting(rng, part.accounts), scene.networks.home(rng, part.accounts)
    )
    programs = rng.choice(clients.SDK[:12], part.accounts)
    accounts = scene.register(rng, part.accounts, label, network=places, client=programs)
    counts = heavy_tail(rng, part.accounts, part.exchanges, 1.1)
    app = np.full(part.accounts, scene.ids("app", part.options.get("app", 0), count=1)[0])
    plan = working(scene, rng, part, accounts, counts, label, MINUTES, hours="office", firm=app)
    scene.emit(retried(plan, rng), part)


def _end_users(plan: Plan, each: int) -> NDArray[np.uint64]:
    """Return an end user for each row: an account has at most `each` of them."""
    place = mix(plan["thread"], 73) % np.uint64(each)
    found: NDArray[np.uint64] = mix(plan["account"].astype(np.uint64) + np.uint64(1), place)
    return found
