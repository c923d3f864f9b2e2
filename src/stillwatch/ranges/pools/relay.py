"""A pooling relay, as open ones behave: it picks an account for each request and hands failures over.

Scheduling follows what such relays do: uniformly at random, strictly in turn, sticky (least recently used,
one hour by a key of the conversation or system text), or fill-first (one account until it is burnt).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from stillwatch.ranges.artefacts import RELAY_CLIENTS, Client, Network, opaque
from stillwatch.ranges.chat import Chat
from stillwatch.ranges.ledger import Label
from stillwatch.ranges.prose import pick
from stillwatch.ranges.world import Account, World

SCHEDULES = ("random", "round_robin", "sticky", "fill_first")
STICKY_SECONDS = 3600.0


@dataclass(slots=True)
class Errand:
    """One request to go through a relay: how it is sent once an account is chosen."""

    at: float
    key: str  # of the conversation or system text, for sticky schedules
    chat: Chat
    # Makes the message and its answer when its turn comes, so that it may use what was answered before.
    write: Callable[[Random], tuple[str, str, dict[str, Any]]]
    label: Label
    client: Client | None = None  # of the customer, for a relay that passes prints through


@dataclass
class Relay:
    """A pool of accounts and the rule by which requests are spread over it."""

    world: World
    rng: Random
    label: Label
    role: str
    schedule: str = "random"
    egress: str = "per_account"  # or "shared", or "rotating" (residential proxies)
    client: Client | None = None
    passes_prints: bool = False  # else every request shows the relay's own print
    failure: float = 0.01
    bans: int = 0  # accounts suspended over the range, each replaced within the hour
    identity: Callable[[Random], dict[str, Any]] | None = None
    accounts: list[Account] = field(default_factory=list)
    _turn: int = 0
    _sticky: dict[str, tuple[Account, float]] = field(default_factory=dict)
    _used: dict[str, float] = field(default_factory=dict)
    _address: Network | None = None
    _bans_due: list[float] = field(default_factory=list)

    def staff(self, count: int) -> Relay:
        """Open `count` accounts for the pool."""
        if self.schedule not in SCHEDULES:
            raise ValueError(f"schedule: expected one of {', '.join(SCHEDULES)}, found {self.schedule!r}")
        self.client = self.client or pick(self.rng, RELAY_CLIENTS)
        self._address = self.world.networks.hosting(self.rng)
        self.accounts += [self._open() for _ in range(count)]
        self._bans_due = self._ban_times()
        return self

    def run(self, errands: Iterable[Errand]) -> None:
        """Send all errands, in order of time."""
        for errand in sorted(errands, key=lambda e: e.at):
            self.deliver(errand)

    def deliver(self, errand: Errand) -> None:
        """Send one errand; errands must come in order of time."""
        burnt: list[Account] = []
        while self._bans_due and errand.at > self._bans_due[0]:
            burnt.append(self._ban(self._bans_due.pop(0)))
        account = self._choose(errand)
        errand.chat.label = errand.label
        text, answer, fields = errand.write(self.rng)
        if self.passes_prints and errand.client is not None:
            seen = errand.client
            fields = fields | {"user_agent": seen.user_agent, "sdk": seen.sdk, "ja4": account.client.ja4}
            fields["header_hash"] = seen.header_hash
        at = errand.at
        for banned in burnt:  # the relay learns of a ban by being refused
            errand.chat.fail(banned, at, text, 403, **fields)
            at += self.rng.lognormvariate(-2.2, 0.5)
        if self.rng.random() < self.failure:
            errand.chat.fail(account, at, text, pick(self.rng, (429, 429, 429, 500, 529)), **fields)
            account, at = self._other(account), at + self.rng.lognormvariate(-2.2, 0.5)
            self._sticky[errand.key] = (account, at)
        self._exit(account)
        errand.chat.ask(account, at, text, answer, **fields)

    def _open(self, at: float | None = None) -> Account:
        rng, world = self.rng, self.world
        table = self.identity(rng) if self.identity else world.throwaway(rng)
        if at is not None:
            table["created_at"] = world.instant(at - 86_400 * rng.random())
        network = world.networks.home(rng) if self.egress == "rotating" else world.networks.hosting(rng)
        if self.egress == "shared" and self._address is not None:
            network = self._address
        assert self.client is not None
        account = world.register(rng, network, self.client, self.label, self.role, **table)
        if self.egress == "shared":
            account.shared_connection = opaque("relay", id_of(self))
        return account

    def _choose(self, errand: Errand) -> Account:
        at = errand.at
        if self.schedule == "round_robin":
            self._turn += 1
            return self.accounts[self._turn % len(self.accounts)]
        if self.schedule == "fill_first":
            return self.accounts[0]
        if self.schedule == "sticky":
            held = self._sticky.get(errand.key)
            if held is None or at - held[1] > STICKY_SECONDS or held[0].table["status"] != "active":
                least = min(self.accounts, key=lambda a: self._used.get(a.account_id, -1e9))
                held = (least, at)
                self._sticky[errand.key] = held
            self._used[held[0].account_id] = at
            return held[0]
        return pick(self.rng, self.accounts)

    def _other(self, account: Account) -> Account:
        others = [a for a in self.accounts if a is not account]
        return pick(self.rng, others) if others else account

    def _exit(self, account: Account) -> None:
        if self.egress == "rotating" and self.rng.random() < 0.15:
            account.network = self.world.networks.home(self.rng)

    def _ban_times(self) -> list[float]:
        span = self.world.days * 86_400
        return sorted(span * (0.2 + 0.7 * self.rng.random()) for _ in range(self.bans))

    def _ban(self, at: float) -> Account:
        burnt = self.accounts.pop(0)
        burnt.table |= {"status": "suspended", "status_at": self.world.instant(at)}
        self.accounts.append(self._open(at))
        return burnt


def id_of(relay: Relay) -> str:
    """Return a name of a relay that is stable by seed."""
    return opaque(relay.world.seed, relay.label.campaign, relay.label.kind, relay.egress)
