"""The roster: every account of a range as columns, opened many at a time, and the role each truly plays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stillwatch.exchanges.schema import ACCOUNT_SCHEMA, INSTANT
from stillwatch.ranges.actors import tokens
from stillwatch.ranges.actors.labels import Label, Labels
from stillwatch.ranges.actors.networks import Networks

TRUTH_ACCOUNTS_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("account_id", "role", "campaign", "kind")]
)
ROLES: Final = ("operator", "mixed", "customer", "benign")
PLANS: Final = ("payg", "free", "team", "enterprise")
PROGRAMMES: Final = ("education", "research", "startup")
VERIFICATIONS: Final = ("none", "email", "phone", "identity", "business")
STATUSES: Final = ("active", "restricted", "suspended")
USES: Final = ("reseller", "evaluation", "synthetic_data", "research", "education")
# Mail of the first six is free and lasts, of the next six is thrown away after use; a firm has its own.
MAIL: Final = (
    *(f"{name}.example" for name in ("mail", "post", "inbox", "webmail", "letters", "box")),
    *(
        f"{name}.example"
        for name in ("tenminute", "dropbox-mail", "quickbox", "trashbin", "burner", "onceonly")
    ),
)
FREE_MAIL, DISPOSABLE_MAIL = np.arange(6), np.arange(6, 12)

ACCOUNT = np.dtype(
    [
        ("uid", "u8"),
        ("network", "u8"),  # where it is mostly used from
        ("signup", "u8"),
        ("client", "i2"),
        ("zone", "f4"),  # hours east of UTC its owner lives by
        ("device", "u8"),  # 0: the program reports none
        ("gateway", "u8"),  # 0: connections of its own
        ("born", "f8"),  # seconds from the start of the range, mostly negative
        ("org", "u8"),  # 0: none declared
        ("declared", "f8"),  # when the organisation was declared, seconds from the start
        ("plan", "i1"),
        ("programme", "i1"),  # -1: none
        ("card", "u8"),  # 0: none
        ("mail", "i2"),  # number in MAIL; -1: a domain of the firm `firm`
        ("firm", "u8"),
        ("mailbox", "u8"),
        ("phone", "u8"),  # 0: none
        ("verification", "i1"),
        ("status", "i1"),
        ("ended", "f8"),  # when the status changed; NaN: never
        ("use", "i1"),  # -1: none declared
        ("permitted", "?"),
    ]
)
LABEL_BITS: Final = 15
Accounts = NDArray[np.int32]  # numbers of accounts in the roster


@dataclass
class Roster:
    """Accounts in the order they were opened."""

    roles: list[tuple[Accounts, int, int]] = field(default_factory=list)  # accounts, role, label
    size: int = 0
    _room: NDArray[Any] = field(default_factory=lambda: np.empty(1024, ACCOUNT))  # grows by doubling

    def open(self, rows: NDArray[Any]) -> Accounts:
        """Append accounts (dtype ACCOUNT) and return their numbers."""
        numbers = np.arange(self.size, self.size + len(rows), dtype=np.int32)
        while self.size + len(rows) > len(self._room):
            self._room = np.concatenate([self._room, np.empty_like(self._room)])
        self._room[self.size : self.size + len(rows)] = rows
        self.size += len(rows)
        return numbers

    @property
    def rows(self) -> NDArray[Any]:
        """All accounts as one array; writing to its fields changes the roster, until more are opened."""
        return self._room[: self.size]

    def attest(self, accounts: Accounts, role: str, label: int) -> None:
        """Record what accounts truly are; once for each campaign they work in."""
        self.roles.append((np.asarray(accounts, dtype=np.int32), ROLES.index(role), label))

    def table(self, start: int, networks: Networks) -> pa.Table:
        """Return the accounts table; `start` is the range's start in microseconds since 1970."""
        rows = self.rows
        words = {
            "plan": PLANS, "programme": PROGRAMMES, "verification": VERIFICATIONS, "status": STATUSES,
            "declared_use": USES,
        }  # fmt: skip
        source = {"declared_use": "use"}
        columns = {name: tokens.chosen(rows[source.get(name, name)], among) for name, among in words.items()}
        places = networks.columns(rows["signup"])
        columns |= {
            "account_id": tokens.named("acct_", rows["uid"], 14),
            "org_id": tokens.named("org_", rows["org"], 14, null=rows["org"] == 0),
            "created_at": _instants(rows["born"], start),
            "payment_fp": tokens.named("", rows["card"], 16, null=rows["card"] == 0),
            "email_domain": _domains(rows),
            "email_fp": tokens.named("", rows["mailbox"], 16),
            "phone_fp": tokens.named("", rows["phone"], 16, null=rows["phone"] == 0),
            "signup_ip": places["ip"],
            "country": places["country"],
            "status_at": _instants(rows["ended"], start),
            "distillation_permitted": pa.array(rows["permitted"]),
        }
        made = [columns[f.name].cast(f.type) for f in ACCOUNT_SCHEMA]
        return pa.Table.from_arrays(made, schema=ACCOUNT_SCHEMA).sort_by("account_id")

    def truth(self, labels: Labels, sent: NDArray[np.int64]) -> pa.Table:
        """Return truth_accounts: one row an account and campaign, or one with its first kind if it is honest.

        `sent` holds account * 2^15 + label for what accounts sent: whoever was opened for a campaign and never sent
        a request of it is a customers' account of its pool, or idle.
        """
        accounts = np.concatenate([np.empty(0, np.int32), *(a for a, _role, _label in self.roles)])
        role = np.concatenate([np.empty(0, np.int64), *(np.full(len(a), r) for a, r, _label in self.roles)])
        label = np.concatenate([np.empty(0, np.int64), *(np.full(len(a), n) for a, _r, n in self.roles)])
        campaigns = [k.campaign for k in labels.known]
        names = sorted({c for c in campaigns if c is not None})
        of_label = np.array([names.index(c) if c is not None else -1 for c in campaigns] or [-1])
        number = of_label[label]
        done = (sent >> LABEL_BITS) * len(names) + of_label[sent & ((1 << LABEL_BITS) - 1)]
        idle = (number >= 0) & ~np.isin(accounts.astype(np.int64) * len(names) + number, done)
        role, label = _without_idle(labels, role, label, idle)
        number = np.where(idle, -1, number)
        # What an account does for a campaign outweighs that it is honest otherwise.
        worst = np.full(self.size, -1)
        np.maximum.at(worst, accounts, number)
        kept = (number >= 0) | (worst[accounts] < 0)
        key = accounts[kept].astype(np.int64) * (len(names) + 1) + number[kept] + 1
        _, first = np.unique(key, return_index=True)
        at = np.flatnonzero(kept)[first]
        columns = [
            tokens.named("acct_", self.rows["uid"][accounts[at]], 14),
            pa.array(ROLES).take(pa.array(role[at])),
            tokens.chosen(number[at], tuple(names)),
            pa.array([k.kind for k in labels.known], pa.string()).take(pa.array(label[at])),
        ]
        table = pa.Table.from_arrays(columns, schema=TRUTH_ACCOUNTS_SCHEMA)
        return table.sort_by([("account_id", "ascending"), ("campaign", "ascending")])


def _without_idle(
    labels: Labels, role: NDArray[np.int64], label: NDArray[np.int64], idle: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return roles and labels with those taken back that an account never sent a request for."""
    mixed = idle & (role == ROLES.index("mixed"))
    role = np.where(mixed, ROLES.index("customer"), role)
    label = np.where(idle, labels.number(Label("idle_account")), label)
    return role, np.where(mixed, labels.number(Label("pool_customer")), label)


def _domains(rows: NDArray[Any]) -> pa.Array:
    firm = tokens.named("", rows["firm"], 8, suffix=".example")
    return pa.compute.if_else(pa.array(rows["mail"] < 0), firm, tokens.chosen(rows["mail"], MAIL))


def _instants(seconds: NDArray[np.float64], start: int) -> pa.Array:
    known = np.nan_to_num(seconds, nan=0.0)
    micros = np.round(known * 1e6).astype(np.int64) + start
    return pa.array(micros, mask=np.isnan(seconds)).cast(INSTANT)
