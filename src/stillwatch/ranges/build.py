"""Build a range: labelled traffic of a population, the same for the same seed, in memory or into files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa

from stillwatch.ranges.actors.roster import TRUTH_ACCOUNTS_SCHEMA
from stillwatch.ranges.render.exchanges import LOG_SCHEMA, TRUTH_SCHEMA, Renderer
from stillwatch.ranges.render.spill import Spill
from stillwatch.ranges.scenarios import KINDS, Population, scenario
from stillwatch.ranges.text import Texts
from stillwatch.ranges.traffic.plan import Plan
from stillwatch.ranges.traffic.scene import DAY, Scene

START: Final = datetime(2026, 6, 1, tzinfo=UTC)  # a Monday; rhythms count weekdays from it
CHUNK: Final = 12_000  # rows rendered at a time
_THREADS: Final = 2

__all__ = [
    "LOG_SCHEMA",
    "START",
    "TRUTH_ACCOUNTS_SCHEMA",
    "TRUTH_SCHEMA",
    "Range",
    "Staged",
    "build",
    "stage",
]


@dataclass(frozen=True)
class Range:
    """A labelled log in memory. `accounts` is None where the range was built without an accounts table."""

    exchanges: pa.Table  # canonical exchange, ascending in time
    accounts: pa.Table | None
    truth: pa.Table  # exchange_id, account_id, campaign, kind, capability; in order of the exchanges
    truth_accounts: pa.Table  # account_id, role, campaign, kind; one row for each campaign of an account


@dataclass
class Staged:
    """A planned range: accounts are known, and exchanges can be had, once, in order of time."""

    population: Population
    seed: int
    start: datetime
    scene: Scene
    spill: Spill

    @property
    def start_us(self) -> int:
        return round(self.start.timestamp()) * 1_000_000

    def batches(self) -> Iterator[tuple[pa.RecordBatch, pa.RecordBatch]]:
        """Yield exchanges and their truth, at most CHUNK rows at a time; text is rendered in two threads."""
        renderer = Renderer(self.scene, self.start_us)

        def render(plan: Plan) -> tuple[pa.RecordBatch, pa.RecordBatch]:
            return renderer.batch(plan), renderer.truth(plan)

        with ThreadPoolExecutor(_THREADS) as pool:
            waiting = []
            for plan in self._chunks():
                waiting.append(pool.submit(render, plan))
                if len(waiting) > _THREADS:
                    yield waiting.pop(0).result()
            for last in waiting:
                yield last.result()

    def _chunks(self) -> Iterator[Plan]:
        for window in self.spill.sorted():
            for at in range(0, len(window), CHUNK):
                yield window[at : at + CHUNK]

    def accounts(self) -> pa.Table:
        """Return the accounts table."""
        return self.scene.roster.table(self.start_us, self.scene.networks)

    def truth_accounts(self) -> pa.Table:
        """Return truth_accounts."""
        return self.scene.roster.truth(self.scene.labels, self.scene.sent)


def stage(
    population: Population,
    seed: int,
    folder: Path,
    *,
    corpus: Path | None = None,
    start: datetime = START,
    progress: Callable[[str], None] | None = None,
) -> Staged:
    """Plan a population; plans that do not fit in memory are spilled into `folder`.

    Raises ValueError for an unknown kind.
    """
    texts = Texts.load(corpus)
    spill = Spill(folder, population.days * DAY, population.exchanges)
    scene = Scene(seed, population.days, texts, spill.add)
    numbers: dict[str, int] = {}
    for part in population.pieces():
        if part.kind not in KINDS:
            raise ValueError(f"kind: expected one of {', '.join(KINDS)}, found {part.kind!r}")
        if progress is not None:
            progress(f"planning {part.kind}")
        # Parts draw from generators named by what they are, not by their place.
        alike = numbers[repr(part)] = numbers.get(repr(part), -1) + 1
        own = replace(part, options={**part.options, "again": alike}) if alike else part
        KINDS[part.kind](scene, scene.rng("part", own), own)
    return Staged(population, seed, start, scene, spill)


def build(
    population: Population | str = "demo",
    seed: int = 0,
    *,
    scale: float = 1.0,
    accounts_table: bool = True,
    corpus: Path | None = None,
    start: datetime = START,
) -> Range:
    """Simulate a population (or a scenario by name, `scale` times as large) in memory.

    `start` should be a Monday, 00:00 UTC. Raises ValueError for an unknown scenario or kind.
    """
    if isinstance(population, str):
        population = scenario(population, scale)
    with tempfile.TemporaryDirectory() as folder:
        staged = stage(population, seed, Path(folder), corpus=corpus, start=start)
        made = list(staged.batches())
    return Range(
        exchanges=pa.Table.from_batches([batch for batch, _ in made], schema=LOG_SCHEMA),
        accounts=staged.accounts() if accounts_table else None,
        truth=pa.Table.from_batches([truth for _, truth in made], schema=TRUTH_SCHEMA),
        truth_accounts=staged.truth_accounts(),
    )
