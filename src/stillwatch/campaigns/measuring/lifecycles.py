"""Lifecycles: when accounts came and went and how they signed up, for a group against everybody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from ibis import _
from numpy.typing import NDArray

from stillwatch.campaigns.measuring.prints import Prints, prints_of
from stillwatch.campaigns.measuring.replacements import newcomers, replacements_of
from stillwatch.campaigns.measuring.rhythms import Hours, hours_of, rhythm_of
from stillwatch.campaigns.measuring.signups import Signups, signups_of, thrown_away
from stillwatch.campaigns.measuring.tails import Tail, tail_of
from stillwatch.campaigns.measuring.traits import TraitValues
from stillwatch.campaigns.traffic import COMMON_DOMAIN, MISSING, Traffic, rows_of
from stillwatch.evidence.lifecycle import WEAK, Lifecycle

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SOME_LOAD = 8  # exchanges, to say anything about an account's addresses
STEPS = 4  # classes of load to a doubling, where loads are compared
FOR_GOOD = (401, 403)  # statuses of a refusal that no retry overcomes
PAPERS = ("organisation", "payment", "email", "phone", "email_domain")


@dataclass(frozen=True)
class Lives:
    """The lives of all accounts of a scan, computed once for all proposals; times are epoch seconds, NaN if unknown."""

    created: Floats
    newcomers: tuple[Floats, ...]
    stopped: Floats
    verification: list[str | None]
    paying: NDArray[np.bool_]
    usual_age: float
    signups: Signups
    churn: Tail
    programme: Tail
    prints: Prints
    papers: tuple[Ints, ...]
    hours: Hours


def lives_of(traffic: Traffic, traits: Mapping[str, TraitValues], workloads: Iterable[int]) -> Lives:
    """Return the lives of all accounts; `workloads` are those whose hours will be asked for."""
    people = traffic.population
    created = _times(traffic, "created_at")
    ages = (people.starts - created) / 86_400.0
    known = ages[~np.isnan(ages)]
    domain = traits["email_domain"].of_account if "email_domain" in traits else None
    signups = signups_of(ages, _weak(traffic), domain)
    return Lives(
        created=created,
        newcomers=newcomers(people.starts, created),
        stopped=_stops(traffic),
        verification=_texts(traffic, "verification"),
        paying=traits["payment"].of_account >= 0 if "payment" in traits else np.zeros(traffic.size, bool),
        usual_age=float(np.median(known)) if len(known) else float("nan"),
        signups=signups,
        churn=_churn(traffic),
        programme=_programme(traffic),
        prints=prints_of(traffic),
        papers=_papers(traits, signups, traffic.size),
        hours=hours_of(traffic, workloads),
    )


def measure_lifecycle(lives: Lives, traffic: Traffic, members: Ints, workloads: Iterable[int]) -> Lifecycle:
    """Return the lives of the members, against everybody else's; `workloads` are the group's own."""
    people, own = traffic.population, sorted(set(workloads))
    rhythms = {w: found for w in own if (found := rhythm_of(lives.hours, w, members)) is not None}
    return Lifecycle(
        created=lives.created[members],
        first=people.starts[members],
        last=people.ends[members],
        stopped=lives.stopped[members],
        verification=tuple(lives.verification[member] for member in members),
        paying=lives.paying[members],
        elsewhere=_elsewhere(traffic, members, own),
        usual_age=lives.usual_age,
        disposable=lives.signups.of(members),
        churning=lives.churn.marked(members),
        contradicting=lives.prints.contradicting(members),
        stripping=lives.prints.stripping(members),
        out_of_programme=lives.programme.marked(members),
        replacements=replacements_of(
            people.starts[members],
            lives.created[members],
            lives.stopped[members],
            [shown[members] for shown in lives.papers],
            lives.newcomers,
            traffic.size,
        ),
        rhythms=rhythms,
    )


def _times(traffic: Traffic, column: str) -> Floats:
    if traffic.accounts is None:
        return np.full(traffic.size, np.nan)
    micros = pc.cast(traffic.accounts[column], pa.int64()).to_numpy(zero_copy_only=False)
    return np.asarray(micros, dtype=np.float64) / 1e6


def _texts(traffic: Traffic, column: str) -> list[str | None]:
    if traffic.accounts is None:
        return [None] * traffic.size
    values: list[str | None] = traffic.accounts[column].to_pylist()
    return values


def _weak(traffic: Traffic) -> Ints | None:
    """Return 1 for accounts that are hardly verified, 0 for others, MISSING where unknown; None if all are."""
    values = _texts(traffic, "verification")
    if not any(values):
        return None
    return np.array([MISSING if v is None else int(v in WEAK) for v in values], dtype=np.int64)


def _stops(traffic: Traffic) -> Floats:
    """Return when each account was suspended within the log, or else refused for good after its last answer."""
    seen = traffic.exchanges.group_by("account_key").agg(
        answered=_.time.max(where=_.answered), refused=_.time.max(where=_.status.isin(FOR_GOOD))
    )
    seen = seen.filter(_.refused > _.answered)  # what never was answered did not stop, and nothing follows
    seen = seen.inner_join(traffic.session.table("account_index"), "account_key")
    table = traffic.session.fetch(seen.select("account", "answered").order_by("account"))
    stopped = np.full(traffic.size, np.nan)
    stopped[table["account"].to_numpy()] = table["answered"].cast(pa.int64()).to_numpy() / 1e6
    status = np.array([value == "suspended" for value in _texts(traffic, "status")])
    at, people = _times(traffic, "status_at"), traffic.population
    inside = status & (at > people.starts.min(initial=np.inf)) & (at < people.ends.max(initial=-np.inf))
    return np.where(inside, at, stopped)


def _churn(traffic: Traffic) -> Tail:
    """Return the number of networks by account, among accounts of like load (a doubling wide)."""
    shown, loads = traffic.traits["network"], traffic.population.loads
    networks = np.bincount(shown.account, minlength=traffic.size)
    judged = (networks > 0) & (loads >= SOME_LOAD)
    return tail_of(np.where(judged, np.floor(np.log2(np.maximum(loads, 1))), -1).astype(np.int64), networks)


def _programme(traffic: Traffic) -> Tail:
    """Return the load by account in fine classes, among the accounts of one programme."""
    programmes = _texts(traffic, "programme")
    names = {name: code for code, name in enumerate(sorted({p for p in programmes if p}))}
    kind = np.array([names[p] if p else -1 for p in programmes], dtype=np.int64)
    steps = np.floor(STEPS * np.log2(np.maximum(traffic.population.loads, 1))).astype(np.int64)
    return tail_of(kind, steps)


def _papers(traits: Mapping[str, TraitValues], signups: Signups, size: int) -> tuple[Ints, ...]:
    """Return the codes of what tells a customer: a mail domain that all use or that is thrown away tells nobody."""
    papers = {name: traits[name].of_account for name in PAPERS if name in traits}
    if "email_domain" in papers and len(traits["email_domain"].holders):
        shared = traits["email_domain"].holders > COMMON_DOMAIN * size
        thrown = thrown_away(signups)
        shared[: len(thrown)] |= thrown
        domain = papers["email_domain"]
        papers["email_domain"] = np.where((domain >= 0) & ~shared[domain], domain, MISSING)
    return tuple(papers.values())


def _elsewhere(traffic: Traffic, members: Ints, workloads: list[int]) -> Floats:
    """Return the share of each member's exchanges that are of none of the workloads."""
    rows = rows_of(traffic.streams["account"].to_numpy(), members)
    account, workload, exchanges = (
        traffic.streams[name].to_numpy()[rows] for name in ("account", "workload", "exchanges")
    )
    other = np.bincount(
        np.searchsorted(members, account),
        exchanges * ~np.isin(workload, workloads),
        minlength=len(members),
    )
    return np.asarray(other / np.maximum(traffic.population.loads[members], 1))
