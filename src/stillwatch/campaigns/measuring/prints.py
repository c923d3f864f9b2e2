"""Prints: client strings against the prints they usually come with, and fields that a client usually sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from ibis import _
from numpy.typing import NDArray

from stillwatch.campaigns.traffic import Traffic, rows_of
from stillwatch.evidence.shares import Marked

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

CAP = 20  # combinations an account, the most used ones: who makes up strings at random has no end of them
ENOUGH = 20  # other accounts with the same client string, to know what comes with it
RARE = 0.02  # of them, at most, show the print: it is not this string's
ELSEWHERE = 5  # accounts that show the print with other strings, at least: it is another program's
USUAL = 0.95  # of them send the field
MOSTLY = 0.5  # of an account's exchanges that can be judged
KEYS = ("agent_key", "sdk_key", "ja4_key", "header_key")
PRINTS = ("ja4", "header")
SENT = {"session": "session_key", "end_user": "end_user_key", "device": "device_key"}


Look = Callable[["Prints", Ints, Mapping[str, Ints]], tuple[Flags, Flags]]


@dataclass(frozen=True)
class Prints:
    """What accounts show of their clients: one row an account and combination, sorted by account.

    `codes` names what a row shows (-1: nothing): `agent` (the user agent), `words` (with the SDK), the prints, and each
    print together with the words. `sent` tells which fields a row carries. `holders` counts, row by row, the accounts
    that show the same, or with the name of a field, those with the same user agent that send it.
    """

    account: Ints
    uses: Ints
    codes: Mapping[str, Ints]
    sent: Mapping[str, Flags]
    holders: Mapping[str, Ints]
    disagreeing: Ints  # 1, 0, or -1 where it cannot be judged, by account, each held against all others
    stripped: Ints

    def contradicting(self, members: Ints) -> Marked | None:
        """Return how many members show a print of another program beside their client string."""
        return self._marked(members, _disagree, self.disagreeing)

    def stripping(self, members: Ints) -> Marked | None:
        """Return how many members lack a field that nearly all others with the same user agent send."""
        return self._marked(members, _lack, self.stripped)

    def _marked(self, members: Ints, look: Look, everybody: Ints) -> Marked | None:
        rows = rows_of(self.account, members)
        own = _alike(self.account[rows], _part(self.codes, rows), _part(self.sent, rows))
        place = np.searchsorted(members, self.account[rows])
        mine = _by_account(place, self.uses[rows], *look(self, rows, own), len(members))
        if not (mine >= 0).any():
            return None
        was = everybody[members]
        return Marked(
            marked=int((mine == 1).sum()),
            known=int((mine >= 0).sum()),
            outside_marked=int((everybody == 1).sum() - (was == 1).sum()),
            outside_known=int((everybody >= 0).sum() - (was >= 0).sum()),
        )


def prints_of(traffic: Traffic) -> Prints:
    """Return what the accounts of a scan show of their clients."""
    table = traffic.session.fetch(_combinations(traffic))
    columns = {name: table[name].to_numpy() for name in (*KEYS, *SENT)}
    return counted(table["account"].to_numpy(), table["uses"].to_numpy(), columns, traffic.size)


def _combinations(traffic: Traffic) -> ir.Table:
    shown = traffic.exchanges.filter(_.agent_key.notnull() | _.sdk_key.notnull())
    shown = shown.mutate(**{key: _[key].fill_null(0) for key in KEYS})
    counts = shown.group_by("account_key", *KEYS).agg(
        uses=_.count(), **{name: _[column].count() for name, column in SENT.items()}
    )
    order = [ibis.desc("uses"), *KEYS]
    ranked = counts.mutate(place=ibis.row_number().over(group_by="account_key", order_by=order))
    kept = ranked.filter(_.place < CAP).inner_join(traffic.session.table("account_index"), "account_key")
    return kept.select("account", "uses", *KEYS, *SENT).order_by("account", *KEYS)


def counted(account: Ints, uses: Ints, shown: Mapping[str, Ints], size: int) -> Prints:
    """Return prints from rows of (account, uses), sorted by account, with the keys KEYS (0: none) and counts SENT."""
    codes = {"agent": _codes(shown["agent_key"]), "words": _codes(shown["agent_key"], shown["sdk_key"])}
    for name in PRINTS:
        codes[name] = _codes(shown[f"{name}_key"])
        codes[f"words {name}"] = _codes(*(shown[key] for key in ("agent_key", "sdk_key", f"{name}_key")))
    sent = {name: shown[name] > 0 for name in SENT}
    nobody = np.zeros(0, dtype=np.int64)
    bare = Prints(account, uses, codes, sent, _alike(account, codes, sent), nobody, nobody)
    rows = np.arange(len(account))
    alone = {name: np.ones(len(rows), dtype=np.int64) for name in codes}
    alone |= {name: there.astype(np.int64) for name, there in sent.items()}
    disagreeing, stripped = (
        _by_account(account, uses, *look(bare, rows, alone), size) for look in (_disagree, _lack)
    )
    return replace(bare, disagreeing=disagreeing, stripped=stripped)


def _codes(*keys: Ints) -> Ints:
    """Return a code for each combination of keys, -1 where all are 0."""
    stacked = np.stack(keys)
    codes = np.unique(stacked, axis=1, return_inverse=True)[1].reshape(-1).astype(np.int64)
    return np.where((stacked == 0).all(axis=0), -1, codes)


def _part(columns: Mapping[str, NDArray[Any]], rows: Ints) -> dict[str, NDArray[Any]]:
    return {name: values[rows] for name, values in columns.items()}


def _alike(account: Ints, codes: Mapping[str, Ints], sent: Mapping[str, Flags]) -> dict[str, Ints]:
    """Return for each row how many accounts show what it shows, or with its user agent send a field."""
    everywhere = np.ones(len(account), dtype=bool)
    found = {name: _sharing(account, shown, everywhere) for name, shown in codes.items()}
    return found | {name: _sharing(account, codes["agent"], there) for name, there in sent.items()}


def _sharing(account: Ints, shown: Ints, there: Flags) -> Ints:
    """Return for each row the number of distinct accounts among the rows `there` with the same code."""
    who, number = np.unique(account, return_inverse=True)
    values, at = np.unique(shown, return_inverse=True)
    pairs = np.unique(at[there] * len(who) + number[there])
    return np.bincount(pairs // max(len(who), 1), minlength=len(values))[at]


def _disagree(prints: Prints, rows: Ints, own: Mapping[str, Ints]) -> tuple[Flags, Flags]:
    """Return which rows can be judged, and which show a print that is another program's; `own` are left out."""
    others = {name: prints.holders[name][rows] - own[name] for name in prints.codes}
    judged, against = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    for name in PRINTS:
        known = (prints.codes[name][rows] >= 0) & (others["words"] >= ENOUGH)
        together, anywhere = others[f"words {name}"], others[name]
        judged |= known
        against |= known & (together <= RARE * others["words"]) & (anywhere - together >= ELSEWHERE)
    return judged, against


def _lack(prints: Prints, rows: Ints, own: Mapping[str, Ints]) -> tuple[Flags, Flags]:
    """Return which rows are of a client that usually sends some field, and which lack such a field."""
    users = prints.holders["agent"][rows] - own["agent"]
    judged, lacking = np.zeros(len(rows), dtype=bool), np.zeros(len(rows), dtype=bool)
    for name, there in prints.sent.items():
        senders = prints.holders[name][rows] - own[name]
        usual = (prints.codes["agent"][rows] >= 0) & (users >= ENOUGH) & (senders >= USUAL * users)
        judged |= usual
        lacking |= usual & ~there[rows]
    return judged, lacking


def _by_account(place: Ints, uses: Ints, judged: Flags, hit: Flags, size: int) -> Ints:
    """Return 1 for accounts most of whose judged exchanges are hit, 0 for the others, -1 where none is judged."""
    total = np.bincount(place, uses * judged, minlength=size)
    struck = np.bincount(place, uses * hit, minlength=size)
    return np.where(total > 0, (struck >= MOSTLY * total).astype(np.int64), -1)
