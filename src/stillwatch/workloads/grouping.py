"""Workloads: every exchange gets the family it belongs to, and every account its streams.

An exchange's workload is the pair of the template of its system text and the template of its last user
turn. Where there is neither, it falls into a shape cell, so that traffic without any template still has a
stream to be judged on.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis import _
from numpy.typing import NDArray

from stillwatch.engines import Session
from stillwatch.workloads.heavy import SYSTEM, USER, find_heavy
from stillwatch.workloads.templates import lead, posting_minima

MIN_SUPPORT = 8  # exchanges of a template
MIN_SLOTS = 5  # distinct fillings: one text sent again and again is no template
SUPPORT_CAP = 100  # beyond this many exchanges a template is simply well supported
MIN_BESIDE_SYSTEM = 3
PAIR = 1 << 28  # more templates of one part than any log has
CELLS = 1 << 60  # ids of shape cells lie above, of templates below


def group_templates(session: Session, heavy: ir.Table, postings: ir.Table) -> ir.Table:
    """Return one row per heavy shingle: part, shingle, template (an id from 1)."""
    ordered = session.fetch(heavy.order_by("part", "shingle"))
    part = ordered["part"].to_numpy().astype(np.int64)
    rows = pa.table(
        {"part": ordered["part"], "shingle": ordered["shingle"], "row": pa.array(np.arange(len(part)))}
    )
    numbered = session.load("shingle_rows", rows)
    joined = postings.join(numbered, ["part", "shingle"])
    minima = posting_minima(session.batches(joined.select("row", "exchange_key")), len(part))
    sizes = session.fetch(joined.group_by("row").agg(n=_.count()).order_by("row"))["n"].to_numpy()
    order = np.lexsort((np.arange(len(part)), -sizes)) if len(part) else np.zeros(0, dtype=np.int64)
    leaders = lead(minima, part, order)
    _leaders, template = np.unique(leaders, return_inverse=True)
    table = rows.drop(["row"]).append_column("template", pa.array(template.astype(np.int64) + 1))
    session.drop("shingle_rows")
    return session.load("templates", table)


def assign_templates(session: Session, templates: ir.Table, postings: ir.Table) -> ir.Table:
    """Return one row per exchange and part: exchange_key, part, template.

    Of several templates in one text, the one with the most matched shingles wins, weighed by the
    logarithm of its support, so that neither boilerplate nor an often-repeated slot takes the exchange.
    """
    joined = postings.join(templates, ["part", "shingle"])
    matched = session.save(
        "template_matches",
        joined.group_by("exchange_key", "content_key", "part", "template").agg(matched=_.count()),
    )
    support = matched.group_by("part", "template").agg(
        support=_.count(), fillings=_.content_key.nunique(), size=_.matched.max()
    )
    usable = support.filter(
        (_.support >= MIN_SUPPORT) & ((_.part == SYSTEM) | (_.fillings >= MIN_SLOTS))
    ).mutate(weight=(1 + ibis.least(_.support, SUPPORT_CAP)).ln())
    scored = matched.join(usable, ["part", "template"]).filter((_.matched >= 2) | (_.size == 1))
    # one integer orders by score, then by the smaller id: no tie is left to the engine
    scored = scored.mutate(rank=(_.matched * _.weight * 1000).round().cast("int64") * (1 << 32) - _.template)
    best = scored.group_by("exchange_key", "part").agg(
        template=_.template.argmax(_.rank), matched=_.matched.max()
    )
    saved = session.save("exchange_templates", best)
    session.drop("template_matches")
    return saved


def _bucket(column: ir.IntegerColumn, edges: tuple[int, ...]) -> ir.IntegerValue:
    return sum((column.fill_null(0) >= edge).cast("int64") for edge in edges)


def shape_cell(sketches: ir.Table) -> ir.IntegerValue:
    """Return the cell of an exchange without a template: api, script, lengths, turns and tools."""
    api = ibis.cases(
        (sketches.api == "chat", 1),
        (sketches.api == "responses", 2),
        (sketches.api == "messages", 3),
        (sketches.api == "completions", 4),
        (sketches.api == "embeddings", 5),
        else_=0,
    )
    digits = (
        (api, 8),
        (sketches.script.fill_null(0).cast("int64"), 64),
        (_bucket(sketches.user_chars, (60, 300, 1500)), 4),
        (_bucket(sketches.output_chars, (40, 400, 2000)), 4),
        (_bucket(sketches.turns, (2,)), 2),
        ((sketches.tools_offered.fill_null(0) > 0).cast("int64"), 2),
    )
    cell: ir.IntegerValue = ibis.literal(1, "int64")
    for value, base in digits:
        cell = cell * base + value
    return cell


def has_user_form(workload: int) -> bool:
    """Return whether a workload rests on a template of the last user turn, not only on its system text."""
    return workload < CELLS and workload % 2 == 0 and (workload // 2) % PAIR > 0


def lead_form(workloads: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a number for the form that leads each templated workload: the system text's, else the user's.

    All workloads with one template of the system text have the same one.
    """
    pair = workloads // 2
    of_system, of_user = pair // PAIR, pair % PAIR
    of_turns = np.where(of_system > 0, of_system, of_user + PAIR)
    return np.asarray(np.where(workloads % 2 == 1, -pair - 1, of_turns), dtype=np.int64)


def repeated_openings(session: Session, sketches: ir.Table) -> ir.Table:
    """Return one row per exchange that follows a fixed opening: exchange_key, opening (an id from 1).

    Few-shot examples sent as earlier turns are a template too, though no text of the last turn repeats.
    """
    followed = sketches.filter((_.messages > 1) & _.conversation_key.notnull())
    support = followed.group_by("conversation_key").agg(n=_.count(), fillings=_.content_key.nunique())
    fixed = support.filter((_.n >= MIN_SUPPORT) & (_.fillings >= MIN_SLOTS))
    numbered = fixed.mutate(opening=ibis.row_number().over(order_by="conversation_key") + 1)
    joined = followed.join(numbered.select("conversation_key", "opening"), "conversation_key")
    return session.save("openings", joined.select("exchange_key", "opening"))


def assign_workloads(session: Session, sketches: ir.Table) -> ir.Table:
    """Return one row per exchange: exchange_key, workload (int64), templated (bool); saved as `assigned`."""
    heavy, postings = find_heavy(session, sketches)
    templates = group_templates(session, heavy, postings)
    chosen = assign_templates(session, templates, postings)
    system = chosen.filter(_.part == SYSTEM).select("exchange_key", system_template="template")
    user = chosen.filter(_.part == USER).select(
        "exchange_key", user_template="template", user_matched="matched"
    )
    all_parts = sketches.select("exchange_key", cell=shape_cell(sketches))
    for part in (system, user, repeated_openings(session, sketches)):
        all_parts = all_parts.left_join(part, "exchange_key").drop("exchange_key_right")
    of_system = all_parts.system_template.fill_null(0)
    # beside a template of the system text, two shared shingles in the user's are a common phrase
    trusted = (of_system == 0) | (all_parts.user_matched >= MIN_BESIDE_SYSTEM)
    of_user = ibis.ifelse(trusted, all_parts.user_template.fill_null(0), 0)
    opening = ibis.ifelse((of_system == 0) & (of_user == 0), all_parts.opening.fill_null(0), 0)
    pair = (of_system * PAIR + of_user) * 2
    templated = (pair > 0) | (opening > 0)
    workload = ibis.cases((pair > 0, pair), (opening > 0, opening * 2 + 1), else_=all_parts.cell + CELLS)
    saved = session.save("assigned", all_parts.select("exchange_key", workload=workload, templated=templated))
    session.drop("heavy_postings", "heavy_shingles", "exchange_templates", "templates", "openings")
    return saved
