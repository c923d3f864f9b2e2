"""Calibrating: from the ledger and its fixtures to the labels in force, and what that changes, told beforehand.

Only the priors of kinds of work can change. Ceilings, thresholds and the dial are none of its inputs and outputs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

import numpy as np

from stillwatch.evidence.evalues import clip
from stillwatch.evidence.profile import shipped_shape_profile
from stillwatch.feedback.counting import Count, Kind, Label, Labelled, Word, count, kinds_of, words_of
from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.fixtures import read_kept
from stillwatch.feedback.giving import Clock
from stillwatch.feedback.groups import measured_group
from stillwatch.feedback.labels import TABLES, Labels, Table, read_labels, write_labels
from stillwatch.feedback.ledger import read_ledger
from stillwatch.feedback.priors import LabelledShape, LabelledSought, Pieces, Share, with_labels
from stillwatch.signals import harvest_shape, sought_capability
from stillwatch.texts.access import wall_clock

MOVED = 0.01  # log10 e below which a kind without labels of its own is not told to have moved


@dataclass(frozen=True)
class Prior:
    """One kind of work before and after: its honest share, that of harvests, and what a group of the kind weighs."""

    kind: Kind
    signal: str
    honest_labels: int
    campaign_labels: int
    honest: tuple[Share, Share]  # in force, proposed
    harvest: tuple[Share, Share]
    log10_e: tuple[float, float]  # of several accounts, or of one for `single`, clipped at the ceiling
    ceiling: float  # the same before and after

    @property
    def moved(self) -> float:
        """Return by how much log10 e moves."""
        return self.log10_e[1] - self.log10_e[0]


@dataclass(frozen=True)
class Calibration:
    """What would be put in force, what it changes, and what was left out."""

    labels: Labels
    before: Labels | None
    priors: tuple[Prior, ...]
    left_out: tuple[str, ...]  # in words

    @property
    def moves(self) -> tuple[Prior, ...]:
        """Return the kinds of work that labels are of, or whose e-value moves."""
        return tuple(p for p in self.priors if p.honest_labels or p.campaign_labels or abs(p.moved) >= MOVED)


def propose(state: Path, *, by: str = "", because: str = "", clock: Clock = wall_clock) -> Calibration:
    """Return what the ledger's labels come to and what they would change; nothing is written.

    Raises FeedbackError where a fixture that a label rests on is missing or damaged.
    """
    words = words_of(read_ledger(state))
    labelled = [piece for word in words if (piece := _labelled(state, word)) is not None]
    honest, campaigns = count(labelled, "honest"), count(labelled, "campaign")
    labels = Labels(
        honest=_tables(honest),
        campaigns=_tables(campaigns),
        labels=len(labelled),
        entries=sorted(piece.entry_id for piece in labelled),
        applied_by=by,
        because=because,
        applied=clock().astimezone(UTC).isoformat(timespec="seconds"),
        marks=len(shipped_shape_profile().harvest),
    )
    before = read_labels(state)
    left_out = (*_silent(words, labelled), *_beyond("honest", honest), *_beyond("campaign", campaigns))
    return Calibration(labels, before, _priors(before, labels), left_out)


def apply(state: Path, *, by: str, because: str, clock: Clock = wall_clock) -> Calibration:
    """Put what `propose` returns in force, under the name of who decided so and why."""
    if not by.strip() or not because.strip():
        raise FeedbackError(
            "who applies it, and why?\n  fix: --apply --by NAME --because 'what was reviewed'"
        )
    made = propose(state, by=by.strip(), because=because.strip(), clock=clock)
    write_labels(state, made.labels)
    return made


def _labelled(state: Path, word: Word) -> Labelled | None:
    if word.label is None or not word.entry.fixture:
        return None
    measured = read_kept(state, word.entry.id).measured
    kinds = kinds_of(measured_group(measured, word.entry.id))
    if not kinds:
        return None
    return Labelled(word.entry.id, word.label, word.by[0], frozenset(measured.owners), kinds)


def _silent(words: Sequence[Word], labelled: Sequence[Labelled]) -> list[str]:
    counted = {piece.entry_id for piece in labelled}
    said = []
    for word in words:
        if word.entry.id in counted:
            continue
        why = (
            word.why
            if word.label is None
            else "its group was not kept, or is too little work to be of a kind"
        )
        said.append(f"{word.entry.id} {word.about}: {why}")
    return said


def _beyond(label: Label, counts: dict[Kind, Count]) -> list[str]:
    return [
        f"{c.beyond} more {label} in {table} {place}: over what one analyst may move"
        for (table, place), c in counts.items()
        if c.beyond
    ]


def _tables(counts: dict[Kind, Count]) -> Table:
    tables: Table = {table: {} for table in TABLES}
    for (table, place), counted in counts.items():
        tables[table][place] = counted.pieces
    return tables


def _priors(before: Labels | None, after: Labels) -> tuple[Prior, ...]:
    none: Pieces = {}
    old = with_labels(before.honest, before.campaigns) if before is not None else with_labels(none, none)
    new = with_labels(after.honest, after.campaigns)
    return tuple(
        _sought((old[0], new[0]), (table, place), after)
        if table in ("clear", "leaning")
        else _shape((old[1], new[1]), (table, place), after)
        for table, place in _kinds(new)
    )


def _kinds(new: tuple[LabelledSought, LabelledShape]) -> list[Kind]:
    """Return all kinds of work that a prior is kept for."""
    sought = sorted({*new[0].clear, *new[0].leaning})
    places = [str(i) for i in range(len(new[1].harvest))]
    return [(t, p) for t in TABLES for p in (sought if t in ("clear", "leaning") else places)]


def _sought(sides: tuple[LabelledSought, LabelledSought], kind: Kind, after: Labels) -> Prior:
    table, place = kind
    clearly, ceiling = table == "clear", sought_capability.SIGNAL.ceiling
    honest = [side.honest_of(place, clearly=clearly) for side in sides]
    harvest = [side.harvest_of(place) for side in sides]
    weigh = [clip(side.log10_ratio(place, clearly=clearly), ceiling) for side in sides]
    return _prior(kind, sought_capability.SIGNAL.name, after, honest, harvest, weigh, ceiling)


def _shape(sides: tuple[LabelledShape, LabelledShape], kind: Kind, after: Labels) -> Prior:
    table, marks = kind[0], int(kind[1])
    shared = table == "shared"
    ceiling = harvest_shape.SIGNAL.ceiling if shared else harvest_shape.ALONE
    honest = [side.honest_of(marks, shared=shared) for side in sides]
    harvest = [side.harvest_of(marks) for side in sides]
    weigh = [clip(side.log10_ratio(marks, shared=shared), ceiling) for side in sides]
    return _prior(kind, harvest_shape.SIGNAL.name, after, honest, harvest, weigh, ceiling)


def _prior(
    kind: Kind,
    signal: str,
    after: Labels,
    honest: Sequence[Share],
    harvest: Sequence[Share],
    weigh: Sequence[float],
    ceiling: float,
) -> Prior:
    table, place = kind
    labels = [side.get(table, {}).get(place, 0) for side in (after.honest, after.campaigns)]
    return Prior(
        kind, signal, labels[0], labels[1], (honest[0], honest[1]), (harvest[0], harvest[1]),
        (float(np.round(weigh[0], 6)), float(np.round(weigh[1], 6))), ceiling,
    )  # fmt: skip
