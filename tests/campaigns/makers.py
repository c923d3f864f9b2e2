"""Makers of traffic, proposals and judged groups; a test says only what matters to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from stillwatch.campaigns.judging import Finding, Judged
from stillwatch.campaigns.measuring import Bench, set_up
from stillwatch.campaigns.model import Verdict
from stillwatch.campaigns.proposing.propose import Proposal
from stillwatch.campaigns.traffic import Traffic, gather
from stillwatch.engines import Session
from stillwatch.evidence.group import Group
from stillwatch.evidence.row import Axis, Evidence
from stillwatch.exchanges.schema import ACCOUNT_SCHEMA
from stillwatch.signals import HANDOVERS
from tests.report.makers import evidence
from tests.workloads.makers import NOON, sketch_row, sketches

TEMPLATE = 2  # a workload that rests on a form of the user's turn
Passed = tuple[str, int, str, str, int]  # signal, unit, giver, taker, number of the exchange that shows it


def sent(number: int, account: str, workload: int = TEMPLATE, **known: Any) -> dict[str, Any]:
    """Return a sketch of an answered question of its own in a workload, as a row."""
    plain = {
        "account_id": account,
        "workload": workload,
        "content_key": 1_000 + number,
        "output_key": 5_000 + number,
        "first_turn_key": 1_000 + number,
        "status": 200,
        "turns": 1,
        "messages": 1,
        "user_chars": 200,
        "output_chars": 800,
    }
    return sketch_row(number, **(plain | known))


def work(
    accounts: Sequence[str], each: int, first: int = 0, workload: int = TEMPLATE, **known: Any
) -> list[dict[str, Any]]:
    """Return `each` exchanges of every account, one account after the other in turn."""
    names = [account for _turn in range(each) for account in accounts]
    return [sent(first + i, account, workload, **known) for i, account in enumerate(names)]


def names(letter: str, count: int) -> list[str]:
    """Return account ids that sort in their order."""
    return [f"{letter}{i:03}" for i in range(count)]


def accounts_table(ids: Sequence[str], **columns: Any) -> pa.Table:
    """Return an accounts table; a column is a value for all, a list, or a function of the id."""

    def value(given: Any, i: int) -> Any:
        return given(ids[i]) if callable(given) else given[i] if isinstance(given, list) else given

    rows = [
        {"account_id": a} | {name: value(given, i) for name, given in columns.items()}
        for i, a in enumerate(ids)
    ]
    return pa.Table.from_pylist(rows, schema=ACCOUNT_SCHEMA)


def finders(
    session: Session, rows: Sequence[dict[str, Any]], passed: Sequence[Passed]
) -> dict[str, Callable[[ir.Table], ir.Table]]:
    """Return, for every hand-over signal, a finder that finds just what is said to have passed."""
    key = {row["account_id"]: row["account_key"] for row in rows}
    found: dict[str, Callable[[ir.Table], ir.Table]] = {}
    for name in HANDOVERS:
        events = [(unit, key[a], key[b], at) for signal, unit, a, b, at in passed if signal == name]
        columns = ("unit", "giver", "taker", "exchange_key")
        table = pa.table({c: pa.array([e[i] for e in events], pa.int64()) for i, c in enumerate(columns)})
        found[name] = partial(_as_found, session.load(f"passed_{name}", table))
    return found


def _as_found(events: ir.Table, _exchanges: ir.Table) -> ir.Table:
    return events


@contextmanager
def traffic(
    rows: Sequence[dict[str, Any]],
    passed: Sequence[Passed] = (),
    accounts: pa.Table | None = None,
    order: Sequence[int] | None = None,
    find: Mapping[str, Callable[[ir.Table], ir.Table]] | None = None,
) -> Iterator[Traffic]:
    """Yield the traffic of sketches that carry their workload; `order` puts the rows in another order."""
    placed = [rows[i] for i in order] if order is not None else list(rows)
    assigned = pa.table(
        {
            "exchange_key": pa.array([row["exchange_key"] for row in placed], pa.int64()),
            "workload": pa.array([row["workload"] for row in placed], pa.int64()),
            "templated": pa.array([row["workload"] < 1 << 60 for row in placed], pa.bool_()),
        }
    )
    plain = [{name: value for name, value in row.items() if name != "workload"} for row in placed]
    with Session(threads=2) as session:
        held = session.load("sketches", sketches(plain))
        known = session.load("assigned", assigned)
        yield gather(
            session,
            held,
            known,
            accounts,
            find or finders(session, rows, passed),
            frozenset({"messages", "output"}),
        )


def numbers(held: Traffic, ids: Sequence[str]) -> np.ndarray:
    """Return the account numbers of some ids, sorted."""
    place = {name: i for i, name in enumerate(held.account_ids.to_pylist())}
    return np.array(sorted(place[name] for name in ids), dtype=np.int64)


def proposal(held: Traffic, ids: Sequence[str], workload: int | None = None) -> Proposal:
    """Return these accounts as a proposal."""
    origin = "handover" if workload is None else "workload"
    return Proposal(numbers(held, ids), origin, "the test", workload)


def bench(held: Traffic, *proposals: Proposal) -> Bench:
    return set_up(held, list(proposals))


def judged(
    group: Group,
    axes: Mapping[Axis, float],
    rows: Sequence[Evidence] = (),
    counter: Sequence[Evidence] = (),
) -> Judged:
    """Return a group as if it had been weighed to these axes."""
    plain: dict[Axis, float] = {"coordination": 0.0, "extraction": 0.0, "evasion": 0.0}
    return Judged(group, tuple(rows), tuple(counter), plain | dict(axes))


def tie(log10_e: float = 5.0, signal: str = "conversation_carried") -> Evidence:
    """Return evidence of something that passed between members."""
    return evidence(signal=signal, axis="coordination", block="responses", log10_e=log10_e)


def finding(group: Group, verdict: Verdict, log10_e: float = 5.0, cut: float = 2.0, **axes: float) -> Finding:
    """Return a finding on a group; axes not given have the finding's own evidence."""
    held: dict[Axis, float] = {"coordination": log10_e, "extraction": log10_e, "evasion": log10_e} | axes  # type: ignore[assignment]
    return Finding(judged(group, held, [tie()]), verdict, log10_e, cut)


def later(hours: float) -> Any:
    """Return an instant so many hours after the first."""
    return NOON + timedelta(hours=hours)
