"""Papers: rows of the accounts table for planted accounts, after rows of the operator's own.

Each takes after one donor account, active and without leave to train on answers. What the design makes its accounts
share stays shared: cards, mail domains, a sign-up address, days of sign-up, suspensions.
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.exchanges.schema import ACCOUNT_SCHEMA
from stillwatch.ranges.planting.addresses import Addresses
from stillwatch.ranges.planting.fit import resolution
from stillwatch.ranges.planting.shapes import learn

_OPAQUE: Final = ("payment_fp", "email_fp", "phone_fp")
_DRAWN: Final = ("plan", "programme", "verification", "country", "declared_use", "distillation_permitted")
Row = dict[str, Any]


def papers(
    operators: pa.Table, planted: pa.Table, ids: dict[str, str], orgs: dict[str, str | None],
    addresses: Addresses, rng: np.random.Generator,
) -> pa.Table:  # fmt: skip
    """Return the planted accounts' rows (ACCOUNT_SCHEMA), told as the operator's table tells its own.

    `ids` and `orgs` give the log's account and organisation for each planted account; accounts that are not in `ids`
    never sent anything and are left out. Columns that the operator's table never fills stay empty.
    """
    rows = [row for row in planted.to_pylist() if row["account_id"] in ids]
    donors = _donors(operators)
    chosen = (
        [donors[int(i)] for i in rng.integers(0, len(donors), len(rows))] if donors else [{} for _ in rows]
    )
    made = [dict.fromkeys(ACCOUNT_SCHEMA.names) | {name: d.get(name) for name in _DRAWN} for d in chosen]
    for name in _OPAQUE:
        _imitate(name, operators, rows, chosen, made, rng)
    _domains(operators, rows, chosen, made, rng)
    for row, donor, into in zip(rows, chosen, made, strict=True):
        into["account_id"], into["org_id"] = ids[row["account_id"]], orgs.get(row["account_id"])
        place = addresses.place(row["signup_ip"], None, np.empty(0, np.int64))
        into["signup_ip"] = place[0] or donor.get("signup_ip")
        into["country"] = place[2] or donor.get("country")
        _standing(row, donor, into)
    return _as_told(pa.Table.from_pylist(made, schema=ACCOUNT_SCHEMA), operators)


def _donors(operators: pa.Table) -> list[Row]:
    """Return accounts to take after: active ones without declared use or leave to train, or all there are."""
    rows: list[Row] = operators.to_pylist()
    plain = [r for r in rows if r["status"] in (None, "active") and not r["distillation_permitted"]]
    return [r for r in plain if r["declared_use"] is None] or plain or rows


def _imitate(
    name: str,
    operators: pa.Table,
    rows: list[Row],
    donors: list[Row],
    made: list[Row],
    rng: np.random.Generator,
) -> None:
    """Give out opaque values: shared where the design shares them, else missing where the donor's is."""
    known = operators[name].drop_null().to_pylist()
    shape = learn(known)
    if shape is None:
        return
    uses = Counter(row[name] for row in rows)
    fresh = dict(zip(uses, shape.make(rng, len(uses), known), strict=True))
    for row, donor, into in zip(rows, donors, made, strict=True):
        shared = row[name] is not None and uses[row[name]] > 1
        if shared or donor.get(name) is not None:
            into[name] = fresh[row[name]] if row[name] is not None else shape.make(rng, 1, known)[0]


def _domains(
    operators: pa.Table, rows: list[Row], donors: list[Row], made: list[Row], rng: np.random.Generator
) -> None:
    """Give out mail domains: one of the log's for each that the design shares, else a donor's or one of its kind."""
    known = Counter(operators["email_domain"].drop_null().to_pylist())
    if not known:
        return
    common = {d: n for d, n in known.items() if n > 1} or dict(known)
    names, weights = list(common), np.array(list(common.values()), float)
    uses = Counter(row["email_domain"] for row in rows)
    shared = {
        d: names[int(rng.choice(len(names), p=weights / weights.sum()))] for d, n in uses.items() if n > 1
    }
    for row, donor, into in zip(rows, donors, made, strict=True):
        own = donor.get("email_domain")
        lone = own if own is None or known[own] > 1 else _beside(own, rng)
        into["email_domain"] = shared.get(row["email_domain"], lone)


def _beside(domain: str, rng: np.random.Generator) -> str:
    """Return another domain of the same length under the same suffix."""
    label, dot, suffix = domain.partition(".")
    letters = rng.choice(list("abcdefghijklmnoprstuvw"), len(label)).tolist()
    return "".join(letters) + dot + suffix


def _standing(row: Row, donor: Row, into: Row) -> None:
    """Set sign-up and status: the design's, in the donor's pattern of what is told."""
    created = row["created_at"] if donor.get("created_at", True) is not None else None
    into["created_at"] = created
    into["status"], into["status_at"] = (
        donor.get("status"),
        created if donor.get("status_at") is not None else None,
    )
    if row["status"] == "suspended":
        into["status"], into["status_at"] = row["status"], row["status_at"]


def _as_told(table: pa.Table, operators: pa.Table) -> pa.Table:
    """Empty the columns that the operator's table never fills, and cut times to its resolution."""
    columns = []
    for field in ACCOUNT_SCHEMA:
        column, known = table[field.name].combine_chunks(), operators[field.name].drop_null()
        if not len(known):
            column = pa.nulls(len(table), field.type)
        elif pa.types.is_timestamp(field.type):
            step = resolution(known.cast(pa.int64()).to_numpy())
            micros = column.cast(pa.int64())
            column = pc.multiply(pc.divide(micros, step), step).cast(field.type)
        columns.append(column)
    return pa.Table.from_arrays(columns, schema=ACCOUNT_SCHEMA)
