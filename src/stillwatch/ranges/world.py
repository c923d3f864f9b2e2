"""The world of a range: its clock, its accounts, its log, and the truth about every row."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from stillwatch.ranges.artefacts import DISPOSABLE_MAIL, FREE_MAIL, Client, Network, Networks, opaque
from stillwatch.ranges.ledger import Label, Ledger, Sink
from stillwatch.ranges.prose import pick

BEFORE_LAUNCH, LAUNCHED = "atlas-large-2", "atlas-large-3"


@dataclass(slots=True)
class Account:
    """One principal, with the network and the program it is mostly used from."""

    account_id: str
    network: Network
    client: Client
    table: dict[str, Any]
    zone: float = 0.0  # hours east of UTC its owner lives by
    device_id: str | None = None
    connection: tuple[str, float] = ("", -1e9)  # id, and when it was last used
    shared_connection: str | None = None  # name of a gateway whose connections it shares

    @property
    def org_id(self) -> str | None:
        value = self.table.get("org_id")
        return None if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of traffic in a population: how many accounts and, about, how many exchanges."""

    kind: str
    accounts: int
    exchanges: int
    options: Mapping[str, Any] = field(default_factory=dict)
    name: str | None = None  # of a campaign; made from the kind where absent


class World:
    """Everything a kind of traffic needs to write itself into the log."""

    def __init__(self, seed: int, start: datetime, days: float, sink: Sink | None = None) -> None:
        self.seed, self.start, self.days = seed, start, days
        self.launch = days * 86_400 * 0.6  # when a new model comes out
        self.networks = Networks(self.branch("networks"))
        self.ledger = Ledger(sink)
        self.accounts: dict[str, Account] = {}
        self.roles: dict[tuple[str, str | None], tuple[str, str, str | None, str]] = {}
        self._ids = self.branch("ids")
        self._connections = 0

    def branch(self, *name: object) -> Random:
        """Return a generator of its own for one part, so that parts do not disturb each other."""
        return Random(opaque("range", self.seed, *name, length=32))

    def instant(self, at: float) -> datetime:
        """Return the UTC time of `at` seconds after the start."""
        return self.start + timedelta(seconds=at)

    def token(self, prefix: str) -> str:
        """Return a fresh opaque id."""
        return f"{prefix}_{self._ids.getrandbits(56):014x}"

    def register(
        self, rng: Random, network: Network, client: Client, label: Label, role: str = "benign", **table: Any
    ) -> Account:
        """Open an account; `table` overrides columns of the accounts table."""
        account_id = self.token("acct")
        age = rng.lognormvariate(4.6, 1.1)  # days; median 100
        domain = (
            pick(rng, FREE_MAIL) if rng.random() < 0.6 else f"{opaque('firm', account_id, length=8)}.example"
        )
        lapsed = role == "benign" and rng.random() < 0.01  # unpaid bills end honest accounts too
        row: dict[str, Any] = {
            "org_id": None,
            "created_at": self.instant(-min(age, 1500) * 86_400),
            "plan": pick(rng, ("payg", "payg", "free", "team")),
            "programme": None,
            "payment_fp": opaque("card", account_id),
            "email_domain": domain,
            "email_fp": opaque("mail", account_id),
            "phone_fp": opaque("phone", account_id) if rng.random() < 0.6 else None,
            "signup_ip": network.ip,
            "country": network.country,
            "verification": pick(rng, ("email", "email", "phone", "phone", "identity", "none")),
            "status": "suspended" if lapsed else "active",
            "status_at": self.instant(self.days * 86_400) if lapsed else None,
            "declared_use": None,
            "distillation_permitted": False,
        } | table
        account = Account(account_id, network, client, row, zone=float(int(rng.gauss(0, 5))))
        self.accounts[account_id] = account
        self.attest(account, role, label)
        return account

    def attest(self, account: Account, role: str, label: Label) -> None:
        """Record the true role of an account (once for each campaign it works in)."""
        row = (account.account_id, role, label.campaign, label.kind)
        self.roles.setdefault((account.account_id, label.campaign), row)

    def throwaway(self, rng: Random) -> dict[str, Any]:
        """Return columns of a freshly made identity: disposable mail, own card, little verification."""
        return {
            "created_at": self.instant(-rng.random() * 25 * 86_400),
            "email_domain": pick(rng, DISPOSABLE_MAIL if rng.random() < 0.6 else FREE_MAIL),
            "verification": pick(rng, ("none", "email", "email", "phone")),
            "plan": "payg",
            "programme": pick(rng, (None, None, None, None, "education", "research", "startup")),
        }

    def connection(self, account: Account, at: float) -> str:
        """Return the open connection of an account (or of the gateway it sits behind), or a new one."""
        if account.shared_connection is not None:
            return opaque("gateway", account.shared_connection, int(at / 1800))
        name, used = account.connection
        if abs(at - used) > 120:
            self._connections += 1
            name = opaque("conn", self.seed, self._connections)
        account.connection = (name, at)
        return name

    def emit(self, account: Account, at: float, label: Label, **fields: Any) -> str:
        """Write one exchange and its truth; return its id. Usage, timing and artefacts are filled in."""
        exchange_id = self.token("ex")
        row = {
            "exchange_id": exchange_id,
            "time": self.instant(at),
            "account_id": account.account_id,
            "org_id": account.org_id,
            "key_id": opaque("key", account.account_id, length=12),
            "platform": "direct",
            "api": "chat",
            "status": 200,
            "finish_reason": "stop",
            "ip": account.network.ip,
            "asn": account.network.asn,
            "country": account.network.country,
            "ip_class": account.network.ip_class,
            "user_agent": account.client.user_agent,
            "sdk": account.client.sdk,
            "header_hash": account.client.header_hash,
            "ja4": account.client.ja4,
            "device_id": account.device_id,
        } | fields
        if "conn_id" not in row:
            row["conn_id"] = self.connection(account, at)
        if row.get("model") == BEFORE_LAUNCH and at > self.launch + self._hesitation(account):
            row["model"] = LAUNCHED
        self._price(row)
        self.ledger.add(row, label)
        return exchange_id

    def _hesitation(self, account: Account) -> float:
        """Seconds after the launch at which an account moves to the new model: many at once, some never."""
        lot = int(opaque("launch", self.seed, account.account_id, length=8), 16) / 2**32
        return 86_400 * 40 * lot**4 if lot < 0.8 else math.inf

    @staticmethod
    def _price(row: dict[str, Any]) -> None:
        asked = sum(len(m["content"]) for m in row["messages"]) + len(row.get("system") or "")
        row.setdefault("input_tokens", 8 + math.ceil(asked / 3.9))
        if row["status"] != 200:
            row.setdefault("duration_ms", 40.0 + (asked % 97))
            row["finish_reason"] = "error"
            return
        said = len(row.get("output") or "") + len(row.get("reasoning") or "")
        said += sum(len(c["arguments"]) for c in row.get("tool_calls") or ())
        row.setdefault("output_tokens", 1 + math.ceil(said / 3.9))
        row.setdefault("ttft_ms", 180.0 + asked / 40 + (asked * 7919 % 211))
        row.setdefault("duration_ms", row["ttft_ms"] + 11.0 * row["output_tokens"])
