"""Fixtures: labelled groups as they were measured, kept for as long as the state is.

`fixtures/F-0001.json` is one group under the id of the entry that labelled it, `population-….json` the scan's
population that it was weighed against, once for all groups of a scan. Numbers and keyed hashes, no text of anybody's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import orjson

from stillwatch.evidence.group import Group, Population
from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.files import read_json, write_json
from stillwatch.feedback.groups import Measured, Scan, measured_group, population_of

FIXTURES = "fixtures"
VERSION = 1


class Kept(msgspec.Struct, frozen=True):
    """What a fixture's file holds; the population has a file of its own, and `scan.population` is its name."""

    entry: str
    scan: Scan
    measured: Measured
    version: int = VERSION


@dataclass(frozen=True)
class Fixture:
    """A labelled group that can be judged again."""

    entry_id: str
    scan: Scan
    measured: Measured
    group: Group
    population: Population
    left_out: tuple[str, ...] = ()  # what the version that measured it had not counted


def path_of(state: Path, entry_id: str) -> Path:
    """Return where the fixture of an entry lies."""
    return state / FIXTURES / f"{entry_id}.json"


def keep(state: Path, entry_id: str, scan: Scan, measured: Measured) -> Path:
    """Keep a measured group as the fixture of an entry; return its file. Raises OSError where it cannot be written."""
    encoded = orjson.dumps(scan.population)
    name = f"population-{hashlib.blake2b(encoded, digest_size=8).hexdigest()}.json"
    population = state / FIXTURES / name
    if not population.exists():
        write_json(population, scan.population)
    kept = Kept(entry_id, msgspec.structs.replace(scan, population=name), measured)
    write_json(path_of(state, entry_id), msgspec.to_builtins(kept))
    return path_of(state, entry_id)


def read_kept(state: Path, entry_id: str) -> Kept:
    """Return what the file of a fixture holds. Raises FeedbackError where it is missing or damaged."""
    path = path_of(state, entry_id)
    fix = f"restore it from a copy, or take the entry back: `stillwatch feedback retract {entry_id}`"
    if not path.is_file():
        raise FeedbackError(f"{path}: the fixture is missing\n  fix: {fix}")
    try:
        kept = msgspec.convert(read_json(path, fix), Kept)
    except msgspec.ValidationError as error:
        raise FeedbackError(f"{path}: no fixture: {error}\n  fix: {fix}") from error
    if kept.version > VERSION:
        raise FeedbackError(f"{path}: written by a later version ({kept.version})\n  fix: use that version")
    return kept


def read_fixture(state: Path, entry_id: str, populations: dict[str, Population] | None = None) -> Fixture:
    """Return the fixture of an entry; `populations` holds those read before, by file.

    Raises FeedbackError where a file is missing or cannot be read back.
    """
    kept, read = read_kept(state, entry_id), {} if populations is None else populations
    left_out: list[str] = []
    name = str(kept.scan.population)
    if name not in read:
        read[name] = population_of(_population(state / FIXTURES / Path(name).name), name, left_out)
    group = measured_group(kept.measured, entry_id, left_out)
    return Fixture(entry_id, kept.scan, kept.measured, group, read[name], tuple(left_out))


def _population(path: Path) -> Any:
    if not path.is_file():
        raise FeedbackError(f"{path}: the population of a fixture is missing\n  fix: restore it from a copy")
    return read_json(path, "restore it from a copy")
