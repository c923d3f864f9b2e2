"""A pool of accounts behind a relay: staffed, banned and staffed anew, and what its provider sees of a request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.actors import clients
from stillwatch.ranges.actors.labels import Label
from stillwatch.ranges.actors.roster import STATUSES, Accounts
from stillwatch.ranges.hashing import mix, unit
from stillwatch.ranges.traffic.faults import retried
from stillwatch.ranges.traffic.plan import Plan, joined
from stillwatch.ranges.traffic.routing import Bans, Routes, route
from stillwatch.ranges.traffic.scene import Scene

EGRESS: Final = ("per_account", "shared", "rotating")
_ROTATES: Final = 0.15  # of requests leave a residential proxy by another exit than the one before
_RENAMES: Final = 0.15  # of accounts are set to send one user id of their own in place of the customers'
_NEXT_TRY: Final = (-2.2, 0.5)  # log-normal seconds until a relay tries another account; median .11 s

Identity = Callable[[np.random.Generator, int], dict[str, Any]]


@dataclass
class Pool:
    """A pool and the rule by which requests are spread over it.

    `weights` is the spread (log-normal sigma) of the shares of a random schedule; `pathways` are the platforms
    over which the accounts are reached; `bans` single accounts are suspended within `window`, and at
    `ban_all` seconds all are.
    """

    scene: Scene
    rng: np.random.Generator
    label: Label
    role: str
    size: int
    schedule: str = "random"
    weights: float = 0.0
    egress: str = "per_account"
    client: int | None = None
    passes_prints: bool = False
    failure: float = 0.01
    bans: int = 0
    ban_all: float | None = None
    pathways: tuple[int, ...] = (0,)
    identity: Identity | None = None
    keeps_users: bool = False  # passes its customers' user ids on
    window: tuple[float, float] | None = (
        None  # within which single accounts are banned; None: the whole range
    )
    also: tuple[Label, ...] = ()  # further campaigns served by the same accounts
    accounts: NDArray[np.int32] = field(init=False)  # slot × generation
    _when: Bans = field(init=False)

    def __post_init__(self) -> None:
        if self.egress not in EGRESS:
            raise ValueError(f"egress: expected one of {', '.join(EGRESS)}, found {self.egress!r}")
        if self.client is None:
            self.client = int(self.rng.choice(clients.RELAY))
        self._when = self._plan_bans()
        self._address = self.scene.networks.hosting(self.rng, 1)[0]
        self._gateway = self.scene.ids("gateway", self.scene.roster.size, count=1)[0]
        self.accounts = self._staff()

    def carry(self, plan: Plan, key: NDArray[np.uint64] | None = None) -> Plan:
        """Send the rows of a plan through the pool; `key` is what a sticky relay sticks by (default: thread).

        Returns the rows as the provider sees them, with the refused deliveries beside them.
        """
        order = np.argsort(plan["time"], kind="stable")
        rows, keys = plan[order], (plan["thread"] if key is None else key)[order]
        shares = np.exp(self.weights * self.rng.standard_normal(self.size))
        routes = route(rows["time"], keys, shares, self.schedule, self._when, self.failure, self.rng)
        refused = self._refused(rows, routes)
        again = routes.failed >= 0
        rows["time"] = routes.at
        rows["time"][again] += self.rng.lognormal(*_NEXT_TRY, int(again.sum()))
        self._seen(rows, self.accounts[routes.slot, routes.generation])
        # The provider limits every account alike, whoever is behind it.
        return joined(retried(rows, self.rng, rate=0.0), refused)

    def _refused(self, rows: Plan, routes: Routes) -> Plan:
        hit = np.flatnonzero(routes.failed >= 0)
        refused = rows[hit].copy()
        refused["status"], refused["time"] = routes.status[hit], routes.failed_at[hit]
        self._seen(refused, self.accounts[routes.failed[hit], routes.failed_generation[hit]])
        return refused

    def _seen(self, rows: Plan, accounts: Accounts) -> None:
        """Set what the provider sees: the pool's account and, but for a relay that passes prints, its program."""
        who = self.scene.roster.rows[accounts]
        rows["account"], rows["tls"] = accounts, who["client"]
        if not self.passes_prints:
            rows["client"] = who["client"]
        rows["network"] = who["network"]
        if self.egress == "rotating":
            spell = np.cumsum(self.rng.random(len(rows)) < _ROTATES).astype(np.uint64)
            exits = self.scene.networks.home(self.rng, 40 * self.size + 64)
            pick = mix(mix(np.uint64(1), who["uid"]), spell // np.uint64(3)) % np.uint64(len(exits))
            rows["network"] = exits[pick.astype(np.int64)]
        rows["platform"] = np.asarray(self.pathways, dtype=np.int8)[accounts % len(self.pathways)]
        for name in ("device", "conn"):  # relays strip what would tell their customers apart
            rows[name] = 0
        if not self.keeps_users:
            user = mix(who["uid"], 151)
            rows["end_user"] = np.where(unit(mix(user, 3)) < _RENAMES, user, 0)

    def _plan_bans(self) -> Bans:
        rng, span = self.rng, self.scene.span
        begin, end = self.window or (0.0, span)
        at = np.sort(begin + (end - begin) * (0.2 + 0.7 * rng.random(self.bans)))
        slot = rng.permutation(np.arange(max(self.bans, self.size)) % self.size)[: self.bans]
        back = at + 3600.0 * rng.random(self.bans)
        if self.ban_all is not None:
            whole = np.full(self.size, self.ban_all) + 600 * rng.random(self.size)
            at, slot = np.concatenate([at, whole]), np.concatenate([slot, np.arange(self.size)])
            back = np.concatenate([back, whole + 3600 * (1 + 5 * rng.random(self.size))])
        order = np.argsort(at, kind="stable")
        at, slot, back = at[order], slot[order].astype(np.int64), back[order]
        for i in range(len(at)):  # nobody is banned from an empty slot
            before = back[:i][slot[:i] == slot[i]]
            late = max(0.0, before.max(initial=-np.inf) + 60.0 - at[i])
            at[i], back[i] = at[i] + late, back[i] + late
        order = np.argsort(at, kind="stable")
        return Bans(at[order], slot[order], back[order])

    def _staff(self) -> NDArray[np.int32]:
        """Open the accounts of every slot, and one more for each ban of it; return them by slot and generation."""
        nth = np.array(
            [int((self._when.slot[:i] == s).sum()) for i, s in enumerate(self._when.slot)], dtype=np.int64
        )
        deep = int(nth.max()) + 2 if len(nth) else 1
        table = np.zeros((self.size, deep), dtype=np.int32)
        table[:] = self._open(np.full(self.size, np.nan))[:, None]
        for generation in range(deep - 1):
            hit = np.flatnonzero(nth == generation)
            slots = self._when.slot[hit]
            fresh = self._open(self._when.back[hit])
            self._suspend(table[slots, generation], self._when.at[hit])
            table[slots, generation + 1 :] = fresh[:, None]
        return table

    def _suspend(self, accounts: Accounts, at: NDArray[np.float64]) -> None:
        rows = self.scene.roster.rows
        rows["status"][accounts], rows["ended"][accounts] = STATUSES.index("suspended"), at

    def _open(self, at: NDArray[np.float64]) -> Accounts:
        """Open accounts that are needed from `at` on (NaN: from the start)."""
        count, scene = len(at), self.scene
        given = self.identity(self.rng, count) if self.identity else scene.throwaway(self.rng, count)
        if not np.isnan(at).any():
            given["born"] = at - 3600 * self.rng.random(count)
        network = scene.networks.hosting(self.rng, count)
        if self.egress == "rotating":
            network = scene.networks.home(self.rng, count)
        if self.egress == "shared":
            network, given["gateway"] = np.full(count, self._address), self._gateway
        shown = {"network": network, "client": self.client} | given
        accounts = scene.register(self.rng, count, self.label, self.role, **shown)
        for label in self.also:
            scene.roster.attest(accounts, self.role, scene.labels.number(label))
        return accounts
