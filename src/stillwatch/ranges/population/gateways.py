"""Whatever stands between customers and the API honestly: resellers, fallback routers, keys renewed and moved."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.actors import clients
from stillwatch.ranges.actors.labels import Label
from stillwatch.ranges.actors.roster import STATUSES, USES, Accounts
from stillwatch.ranges.arrivals import heavy_tail, profiles, rhythms_by_load
from stillwatch.ranges.hashing import mix, stream
from stillwatch.ranges.population.apps import TICKET, working
from stillwatch.ranges.population.people import CHAT, chatting
from stillwatch.ranges.traffic.faults import retried
from stillwatch.ranges.traffic.habits import GATEWAY
from stillwatch.ranges.traffic.jobs import instruct
from stillwatch.ranges.traffic.plan import Plan, joined
from stillwatch.ranges.traffic.pool import Pool
from stillwatch.ranges.traffic.routing import STATUSES as FAILURES
from stillwatch.ranges.traffic.scene import Part, Scene
from stillwatch.ranges.traffic.talk import by_account, conversations, dress, speak

_HOUSE_RULES: Final = 0.5


def honest_gateway(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """A declared reseller: one account, or several at one address, with many end users who stick to one each.

    It hands a refused request to another of its accounts at once, as every relay does. Half of them put house rules
    of their own in front of everybody's requests.
    """
    label, declares = Label("honest_reseller"), bool(part.options.get("declares_org"))
    org = scene.ids("reseller", part, count=1)[0]

    def identity(r: np.random.Generator, count: int) -> dict[str, object]:
        given = {
            "card": mix(org, 1),
            "mail": -1,
            "firm": org,
            "verification": 4,
            "use": USES.index("reseller"),
        }
        return given | ({"org": org} if declares else {})

    chosen: dict[str, Any] = {"schedule": "sticky", "failure": 0.01} | {
        name: part.options[name] for name in ("schedule", "failure") if name in part.options
    }
    pool = Pool(
        scene,
        rng,
        label,
        "benign",
        part.accounts,
        egress="shared",
        identity=identity,
        keeps_users=declares,
        **chosen,
    )
    plan = served(scene, rng, part, label, max(4, part.exchanges // 12), part.exchanges)
    if rng.random() < _HOUSE_RULES:
        instruct(scene, plan, "product_system", np.full(len(plan), org))
    carried = pool.carry(plan, key=plan["end_user"])
    if declares:
        carried["platform"] = GATEWAY
    scene.emit(carried, part)


def served(
    scene: Scene, rng: np.random.Generator, name: object, label: Label, people: int, exchanges: int
) -> Plan:
    """Plan conversations of people who bought access from somebody; rows are carried by a pool afterwards.

    Each person has a program, a language and hours of their own, but no account here: `end_user` names them.
    """
    with scene.offstage():
        accounts = scene.register(
            rng,
            people,
            label,
            network=scene.networks.home(rng, people),
            client=rng.choice(clients.SDK, people),
        )
        plan = chatting(scene, rng, name, accounts, heavy_tail(rng, people, exchanges, 1.3), label)
        plan["end_user"] = mix(scene.roster.rows["uid"][plan["account"]], stream(0, str(name)))
    return plan


def fallback_routers(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Clients that send a refused prompt again through their own second account at once (same card).

    Half of what is refused goes to another provider instead and is never seen again.
    """
    label = Label("fallback_router")
    first, second = _pair(scene, rng, max(1, part.accounts // 2), label, part)
    counts = heavy_tail(rng, len(first), part.exchanges, 1.5)
    plan = working(scene, rng, part, first, counts, label, TICKET)
    lot = rng.random(len(plan))
    refused = plan[lot < 0.12].copy()
    refused["status"] = rng.choice(FAILURES[[0, 4]], len(refused))
    moved = plan[lot < 0.06]
    moved["account"] = by_account(moved, first, second)
    moved["time"] += 0.08 + rng.random(len(moved)) / 4
    scene.emit(joined(plan[lot >= 0.12], refused, moved), part)


def _pair(
    scene: Scene, rng: np.random.Generator, count: int, label: Label, part: Part, **both: object
) -> tuple[Accounts, Accounts]:
    """Open pairs of accounts of one firm each: one address, one program, one card."""
    firm = scene.ids("pair", part, count=count)
    shown = {
        "network": scene.networks.hosting(rng, count), "client": rng.choice(clients.SERVER, count),
        "card": mix(firm, 1), "mail": -1, "firm": firm,
    }  # fmt: skip
    old = scene.register(rng, count, label, **(shown | both))
    return old, scene.register(rng, count, label, **(shown | both))


def key_rotations(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """Firms that renew their key by opening a new account of the same organisation; the old one is refused first."""
    label = Label("key_rotation")
    pairs = max(1, part.accounts // 2)
    org = scene.ids("rotating", part, count=pairs)
    old, new = _pair(scene, rng, pairs, label, part, org=org)
    plan = working(scene, rng, part, old, heavy_tail(rng, pairs, part.exchanges, 1.5), label, TICKET)
    when = scene.span * (0.3 + 0.4 * rng.random(pairs))
    scene.roster.rows["born"][new] = when - 3600 * rng.random(pairs)
    switch = by_account(plan, old, when)
    late = plan["time"] >= switch
    again = plan[late & (plan["time"] < switch + 7200)].copy()
    again["status"] = 403
    plan["time"] += np.where(late, 0.2, 0.0)
    plan["account"] = np.where(late, by_account(plan, old, new), plan["account"])
    scene.emit(joined(retried(plan, rng), again), part)


def migrations(scene: Scene, rng: np.random.Generator, part: Part) -> None:
    """An account is closed, and a new one of the same firm goes on with its conversations."""
    label = Label("key_migration")
    pairs = max(1, part.accounts // 2)
    declared = scene.ids("migrating", part, count=pairs) * (rng.random(pairs) < 0.5)
    old, new = _pair(scene, rng, pairs, label, part, org=declared.astype(np.uint64))
    counts = heavy_tail(rng, pairs, part.exchanges, 1.5)
    weeks = rhythms_by_load(rng, counts)
    plan = conversations(scene, rng, part, old, counts, label, weeks, mean=4.0)
    dress(scene, rng, plan, old, profiles=profiles("chat"))
    speak(scene, rng, plan, old, scene.scripts(CHAT))
    ends = _amid(plan, old, scene.span * (0.3 + 0.4 * rng.random(pairs)))
    late = plan["time"] >= by_account(plan, old, ends)
    plan["account"] = np.where(late, by_account(plan, old, new), plan["account"])
    rows = scene.roster.rows
    rows["status"][old], rows["ended"][old] = STATUSES.index("suspended"), ends
    rows["born"][new] = ends - 86_400 * rng.random(pairs)
    scene.emit(retried(plan, rng), part)


def _amid(plan: Plan, accounts: Accounts, about: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return for each account the moment nearest to `about` at which a conversation of its is under way."""
    later = plan[plan["turn"] > 0]
    off = np.abs(later["time"] - by_account(later, accounts, about))
    nearest = later[np.argsort(off)]
    who, first = np.unique(nearest["account"], return_index=True)
    found = about.copy()
    found[np.isin(accounts, who)] = nearest["time"][first] - 1.0  # accounts ascend
    return found
