"""Labels in force: `labels.json` in the state folder, written by a person's `calibrate --apply` and by nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from stillwatch.evidence.profile import HARVESTS_SEEK, profiles_in_force, shipped_shape_profile
from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.files import read_json, write_json
from stillwatch.feedback.priors import with_labels

LABELS = "labels.json"
VERSION = 1
TABLES = ("clear", "leaning", "single", "shared")
AGAIN = "make it anew: `stillwatch feedback calibrate --apply`"

Table = dict[str, dict[str, int]]  # table -> place -> labelled pieces of work


class Labels(msgspec.Struct, frozen=True):
    """Labelled pieces of work by kind, for each side, and who put them in force. Nothing else can be set by them."""

    honest: Table
    campaigns: Table
    labels: int  # pieces of work, each once whatever the kinds it is of
    entries: list[str]  # of the ledger, that they rest on
    applied_by: str
    because: str
    applied: str  # by the clock on the wall
    marks: int  # places of the shipped profile of shapes that they were counted for
    version: int = VERSION

    @property
    def told(self) -> str:
        """Return what a report says of it."""
        many = f"{self.labels} label{'' if self.labels == 1 else 's'}"
        return f"priors calibrated by {many}, applied by {self.applied_by} on {self.applied[:10]}"

    @property
    def facts(self) -> dict[str, Any]:
        """Return what run.json says of it."""
        kept = ("labels", "applied_by", "applied", "because", "entries", "honest", "campaigns")
        return {**{name: getattr(self, name) for name in kept}, "told": self.told}


def read_labels(state: Path | None) -> Labels | None:
    """Return the labels in force; None where nobody has put any in force.

    Raises FeedbackError where the file is damaged or counts kinds that the profiles of this version do not have: a scan
    then stops, since to go on without the labels would name again whom they speak for.
    """
    path = state / LABELS if state is not None else None
    if path is None or not path.is_file():
        return None
    try:
        labels = msgspec.convert(read_json(path, AGAIN), Labels)
    except msgspec.ValidationError as error:
        raise FeedbackError(
            f"{path}: not what `feedback calibrate` writes: {error}\n  fix: {AGAIN}"
        ) from error
    if labels.version > VERSION:
        raise FeedbackError(f"{path}: written by a later version ({labels.version})\n  fix: use that version")
    _check(path, labels)
    return labels


def _check(path: Path, labels: Labels) -> None:
    places = len(shipped_shape_profile().harvest)
    if labels.marks != places:
        raise FeedbackError(
            f"{path}: counted for {labels.marks} places of the profile of shapes, which has {places} now\n"
            f"  fix: {AGAIN}"
        )
    marks = {str(i) for i in range(places)}
    known = {"clear": set(HARVESTS_SEEK), "leaning": set(HARVESTS_SEEK), "single": marks, "shared": marks}
    for side in (labels.honest, labels.campaigns):
        for table, counts in side.items():
            strange = sorted(counts.keys() - known.get(table, set()))
            if strange or min(counts.values(), default=0) < 0:
                what = f"unknown places {strange[:3]}" if strange else "a count below none"
                raise FeedbackError(f"{path}: {table}: {what}\n  fix: {AGAIN}")


def write_labels(state: Path, labels: Labels) -> Path:
    """Put labels in force; return the file."""
    write_json(state / LABELS, msgspec.to_builtins(labels))
    return state / LABELS


@contextmanager
def priors(state: Path | None) -> Iterator[Labels | None]:
    """Judge with the labels in force inside the block; yield them, None where there are none."""
    labels = read_labels(state)
    if labels is None:
        yield None
        return
    with profiles_in_force(*with_labels(labels.honest, labels.campaigns)):
        yield labels
