"""Echoes: by what a campaign would be known again, and which accounts show any of it.

Workloads are numbered anew in every scan, so a request form is kept as the keyed shingles that most of its
requests hold; values of the accounts table are kept sealed. Only what is rare among unrelated accounts is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from ibis import _
from numpy.typing import NDArray

from stillwatch.campaigns.lasting.records import Echo, Form
from stillwatch.campaigns.traffic import Ints, Traffic, among
from stillwatch.evidence.group import MIN_WORK, Group
from stillwatch.sketches import Secret
from stillwatch.workloads.heavy import SYSTEM, USER, incidence

CORE = 0.6  # of a form's requests hold a shingle that is its own
HELD = 0.5  # of the form's shingles are in a request of that form
LEAST = 3  # shingles of a form that could be told from chance
MOST = 48  # shingles kept of each text of a form
MOST_FORMS = 5
MOST_VALUES = 200  # of a trait
RARE = 0.005  # of unrelated accounts at most show what is kept
MARGIN = 3  # accounts added to those seen, for the rate (the rule of three)

# trait -> column of the accounts table that declares it; sealed before it is kept
SEALED: Final = {"payment": "payment_fp", "email": "email_fp", "phone": "phone_fp"}
SHOWN: Final = ("device", "client")


@dataclass(frozen=True)
class Shown:
    """Which accounts show an echo; sorted account numbers."""

    by_form: Ints
    by_mark: Ints

    @property
    def any(self) -> Ints:
        return np.union1d(self.by_form, self.by_mark)


def seal(secret: Secret, trait: str, value: str) -> int:
    """Return a signed 64-bit key of a declared value, that only this deployment can make."""
    key = secret.key(f"state/{trait}", 32)
    sealed = hashlib.blake2b(value.encode(), digest_size=8, key=key).digest()
    return int.from_bytes(sealed, "big", signed=True)


def values_of(traffic: Traffic, secret: Secret) -> dict[str, tuple[Ints, Ints]]:
    """Return (account, keyed value) of every trait by which an operator may be known again, as parallel arrays."""
    found = {}
    for trait in SHOWN:
        if trait in traffic.traits:
            found[trait] = (traffic.traits[trait].account, traffic.traits[trait].value)
    for trait, name in SEALED.items():
        if traffic.accounts is None:
            continue
        column = traffic.accounts[name].combine_chunks().dictionary_encode()
        keys = np.array([seal(secret, trait, v) for v in column.dictionary.to_pylist()], dtype=np.int64)
        codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
        known = np.flatnonzero(codes >= 0)
        found[trait] = (known, keys[codes[known]])
    return found


def learn(traffic: Traffic, group: Group, secret: Secret) -> Echo | None:
    """Return by what a named group would be known again; None where it has nothing that is rare and its own."""
    forms = _cores(traffic, group)
    marks = _marks(values_of(traffic, secret), group.accounts, traffic.size)
    outside = max(traffic.size - group.size, 1)
    senders = form_senders(traffic, forms)
    forms = [
        form for form, who in zip(forms, senders, strict=True) if _strangers(who, group) <= RARE * outside
    ]
    if not forms and not marks:
        return None
    shown = shows(traffic, Echo(forms, marks), secret)
    return Echo(forms, marks, rate_of(_strangers(shown.any, group), outside))


def rate_of(count: int, among_accounts: int) -> float:
    """Return an upper estimate of a rate from `count` of so many accounts."""
    return round(min((count + MARGIN) / (among_accounts + MARGIN), 1.0), 9)


def _strangers(accounts: Ints, group: Group) -> int:
    return int((~among(group.accounts, accounts)).sum())


def _cores(traffic: Traffic, group: Group) -> list[Form]:
    """Return the request forms of the group's workloads that have one, heaviest first."""
    workloads = [use.workload for use in group.uses[:MOST_FORMS] if use.templated]
    if not workloads:
        return []
    session = traffic.session
    wanted = session.load("echo_workloads", pa.table({"workload": pa.array(workloads, pa.int64())}))
    members = session.load("echo_members", pa.table({"account": pa.array(group.accounts, pa.int64())}))
    members = session.table("account_index").semi_join(members, "account").select("account_key")
    own = traffic.exchanges.semi_join(wanted, "workload").semi_join(members, "account_key")
    sizes = session.fetch(own.group_by("workload").agg(n=_.count()))
    size = dict(zip(*(sizes[name].to_pylist() for name in ("workload", "n")), strict=True))
    placed = incidence(own).inner_join(own.select("exchange_key", "workload"), "exchange_key")
    counted = placed.group_by("workload", "part", "shingle").agg(n=_.exchange_key.nunique())
    rows = session.fetch(counted.order_by(_.workload, _.part, _.n.desc(), _.shingle)).to_pylist()
    forms = []
    for workload in workloads:
        core: dict[int, list[int]] = {SYSTEM: [], USER: []}
        for row in rows:
            if row["workload"] == workload and row["n"] >= CORE * size.get(workload, 0):
                core[row["part"]].append(row["shingle"])
        form = Form(sorted(core[SYSTEM][:MOST]), sorted(core[USER][:MOST]))
        if len(form.system) + len(form.user) >= LEAST and form not in forms:
            forms.append(form)
    return forms


def form_senders(traffic: Traffic, forms: list[Form]) -> list[Ints]:
    """Return for each form the accounts that sent `MIN_WORK` requests of it, sorted.

    A request is of a form where it holds half of the form's shingles, and of the user's text half of those.
    """
    if not forms:
        return []
    rows = [
        {"form": i, "part": part, "shingle": shingle}
        for i, form in enumerate(forms)
        for part, shingles in ((SYSTEM, form.system), (USER, form.user))
        for shingle in shingles
    ]
    schema = pa.schema([("form", pa.int64()), ("part", pa.int8()), ("shingle", pa.int64())])
    session = traffic.session
    known = session.load("echo_shingles", pa.Table.from_pylist(rows, schema))
    sizes = [
        {"form": i, "size": len(f.system) + len(f.user), "user": len(f.user)} for i, f in enumerate(forms)
    ]
    needed = session.load("echo_sizes", pa.Table.from_pylist(sizes))
    held = incidence(traffic.exchanges).inner_join(known, ["part", "shingle"]).distinct()
    held = held.group_by("form", "exchange_key", "account_key").agg(
        held=_.count(), held_user=(_.part == USER).sum()
    )
    of_form = held.inner_join(needed, "form").filter(
        (_.held >= HELD * _["size"]) & (_.held_user >= HELD * _.user)
    )
    senders = of_form.group_by("form", "account_key").agg(n=_.count()).filter(_.n >= MIN_WORK)
    senders = senders.inner_join(session.table("account_index"), "account_key")
    table = session.fetch(senders.select("form", "account").order_by("form", "account"))
    form, account = table["form"].to_numpy(), table["account"].to_numpy()
    return [account[form == i] for i in range(len(forms))]


def _marks(values: Mapping[str, tuple[Ints, Ints]], members: Ints, size: int) -> dict[str, list[int]]:
    """Return the values of members that hardly anybody else shows."""
    found, most = {}, RARE * max(size - len(members), 1)
    for trait, (account, value) in sorted(values.items()):
        inside = among(members, account)
        own, counts = np.unique(value[inside], return_counts=True)
        others, strangers = np.unique(value[~inside], return_counts=True)
        seen = dict(zip(others.tolist(), strangers.tolist(), strict=True))
        own_rare = np.array([seen.get(v, 0) <= min(most, len(members) / 2) for v in own.tolist()], dtype=bool)
        if trait in SHOWN:  # one account's program tells nothing of its operator
            own_rare &= counts >= 2
        kept = own[own_rare][np.lexsort((own[own_rare], -counts[own_rare]))][:MOST_VALUES]
        if len(kept):
            found[trait] = sorted(kept.tolist())
    return found


def shows(traffic: Traffic, echo: Echo, secret: Secret) -> Shown:
    """Return which accounts of the scan show an echo."""
    nobody = np.zeros(0, dtype=np.int64)
    by_form = [*form_senders(traffic, echo.forms), nobody]
    by_mark = [nobody]
    for trait, (account, value) in values_of(traffic, secret).items() if echo.marks else ():
        wanted = np.array(echo.marks.get(trait, []), dtype=np.int64)
        by_mark.append(account[np.isin(value, wanted)])
    return Shown(_union(by_form), _union(by_mark))


def _union(parts: Iterable[Ints]) -> Ints:
    joined: NDArray[np.int64] = np.unique(np.concatenate(list(parts)))
    return joined
