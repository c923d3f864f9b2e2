"""Count what honest accounts show against real groups, and what groups of honest accounts show.

    python benchmarks/fit_account_months.py RANGE ...      (folders of labelled ranges)

Writes account_months.json.gz, which benchmarks/account_months.py draws from. Every group that the scan proposes is
measured: of those that are mostly a campaign's the best of each campaign is kept, with the ties of every honest
account to it, by kind; of those that are mostly honest, all that speak on both axes at all, with their members' ties.
"""

from __future__ import annotations

import argparse
import gzip
import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from stillwatch.campaigns.attribute.membership import chance_floor
from stillwatch.campaigns.attribute.ties import Chance, Ties, count_ties
from stillwatch.campaigns.coverage import FieldCount
from stillwatch.campaigns.judging import Judged, judge
from stillwatch.campaigns.measuring import measure, set_up
from stillwatch.campaigns.proposing.propose import propose
from stillwatch.campaigns.traffic import Traffic, gather
from stillwatch.engines import Session
from stillwatch.exchanges import DeadLetters, read_accounts, read_exchanges
from stillwatch.intents import intents, shipped_model
from stillwatch.signals import HANDOVERS
from stillwatch.sketches import Secret, sketch
from stillwatch.workloads import assign_workloads

FITTED = Path(__file__).with_name("account_months.json.gz")
SPEAKS = (
    1.0  # least axis, in orders of ten, of a false group worth redrawing: lower ones cannot reach the cut
)


def open_range(session: Session, folder: Path) -> tuple[Traffic, dict[str, dict[str, Any]]]:
    """Return the traffic of a labelled range and its accounts' truth by id."""
    secret, label, fields = (
        Secret.from_bytes(bytes(32)),
        partial(intents, model=shipped_model()),
        FieldCount(),
    )
    tables = []
    with DeadLetters(None) as letters:
        for batch in read_exchanges([folder / "exchanges.parquet"], dead_letters=letters):
            fields.add(batch)
            tables.append(sketch(batch, secret, label))
        accounts = read_accounts(folder / "accounts.parquet", letters)
    sketches = session.load("sketches", pa.Table.from_batches(tables))
    present = frozenset(name for name, n in fields.present.items() if n)
    traffic = gather(session, sketches, assign_workloads(session, sketches), accounts, HANDOVERS, present)
    truth = pq.read_table(folder / "truth_accounts.parquet").to_pylist()
    return traffic, {row["account_id"]: row for row in truth}


def fit(folders: list[Path]) -> dict[str, Any]:
    """Return what honest accounts show against real groups, and what false groups show, over all ranges."""
    found: dict[str, Any] = {
        "ranges": len(folders), "accounts": 0, "memberships": 0.0, "kinds": {}, "real": [], "false": [],
    }  # fmt: skip
    for folder in folders:
        with Session(threads=1) as session:
            traffic, truth = open_range(session, folder)
            _fit_one(traffic, [truth[name] for name in traffic.account_ids.to_pylist()], found)
    return found


def _fit_one(traffic: Traffic, rows: list[dict[str, Any]], found: dict[str, Any]) -> None:
    honest = np.array([row["role"] == "benign" for row in rows])
    kind = np.array([str(row["kind"]) for row in rows])
    campaign = np.array([str(row["campaign"] or "") for row in rows])
    proposals = propose(traffic)
    bench = set_up(traffic, proposals)
    judged = [judge(measure(bench, proposal), traffic.population) for proposal in proposals]
    found["accounts"] += int(honest.sum())
    found["memberships"] += sum(len(p.accounts) for p in proposals) / traffic.size
    for name in np.unique(kind[honest]).tolist():
        found["kinds"][name] = found["kinds"].get(name, 0) + int((honest & (kind == name)).sum())
    floor = chance_floor(traffic)
    real: dict[str, Judged] = {}
    for each in judged:
        members = each.group.accounts
        axis = min(each.axes["coordination"], each.axes["evasion"])
        if honest[members].mean() > 0.5:
            if axis >= SPEAKS:
                inside = count_ties(traffic, each.group, floor)
                wrongly = members[honest[members]]
                names, counts = np.unique(kind[wrongly], return_counts=True)
                kept = {"kind": str(names[counts.argmax()]), "axis": axis}
                found["false"].append(_shown(inside, wrongly) | kept)
            continue
        name = max(set(campaign[members].tolist()), key=campaign[members].tolist().count)
        best = real.get(name)
        if len(members) >= 5 and (
            best is None or axis > min(best.axes["coordination"], best.axes["evasion"])
        ):
            real[name] = each
    for name, each in sorted(real.items()):
        outside = np.setdiff1d(np.flatnonzero(honest), each.group.accounts)
        ties = count_ties(traffic, each.group, floor)
        by_kind = {k: _shown(ties, outside[kind[outside] == k]) for k in found["kinds"]}
        found["real"].append({"campaign": name, "kinds": by_kind})


def _yes(chance: Chance, at: NDArray[np.int64], weight: float = 1.0) -> dict[str, float]:
    """Return how often a tie is shown by some accounts, the null and the alternative it is weighed by."""
    known = at[chance.known[at]]
    shown = {"weight": weight, "known": len(known), "hits": int(chance.hit[known].sum())}
    if not len(known):
        return shown | {"null": 0.5, "alternative": 0.5}
    return shown | {
        "null": float(chance.null[known].mean()),
        "alternative": float(chance.alternative[known].mean()),
    }


def _shown(ties: Ties, at: NDArray[np.int64]) -> dict[str, Any]:
    """Return what some accounts of one kind show, summed up."""
    return {
        "size": len(at),
        "met": None if ties.partners is None else float(ties.partners[:, at].sum() / 2),
        "chance": 1.0 if ties.chance is None or not len(at) else float(ties.chance[:, at].mean()),
        "adopted": [_yes(chance, at, weight) for weight, chance in ties.adopted],
        "traits": {n: _yes(chance, at) for n, chance in sorted(ties.traits.items())},
        "window": None if ties.windows is None else _yes(ties.windows, at),
    }


def rounded(value: Any) -> Any:
    """Return the same with numbers of four digits."""
    if isinstance(value, dict):
        return {key: rounded(v) for key, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value


def packed(fitted: dict[str, Any]) -> bytes:
    """Return what was fitted, the same bytes for the same numbers."""
    return gzip.compress(json.dumps(rounded(fitted), separators=(",", ":")).encode(), mtime=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ranges", nargs="+", type=Path)
    FITTED.write_bytes(packed(fit(parser.parse_args().ranges)))


if __name__ == "__main__":
    main()
