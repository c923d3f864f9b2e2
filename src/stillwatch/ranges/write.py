"""Write ranges to files: Parquet or JSON Lines, streamed, and whole or not at all."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.ranges.build import LOG_SCHEMA, START, TRUTH_SCHEMA, Range, Staged, stage
from stillwatch.ranges.jsonl import lines
from stillwatch.ranges.scenarios import Population
from stillwatch.version import __version__

FORMS: Final = ("parquet", "jsonl")
# Columns with few values or long repeats; the rest gains nothing from a dictionary and costs time.
_PLAIN: Final = {"exchange_id", "time", "messages", "output", "conn_id", "duration_ms", "ttft_ms"}
_DICTIONARY: Final = [
    name for name in (*LOG_SCHEMA.names, "campaign", "kind", "capability") if name not in _PLAIN
]

# Traffic without a campaign that campaigns' or hiding pools carried.
POOL_KINDS: Final = frozenset({"pool_customer", "resale_pool", "lone_harvest"})
TABLES: Final = ("exchanges", "accounts", "truth", "truth_accounts")


@dataclass(frozen=True)
class Written:
    """What was written: the files by table, and the manifest that `range.json` holds."""

    paths: dict[str, Path]
    manifest: dict[str, Any]


def write_range(
    population: Population,
    seed: int,
    folder: str | Path,
    *,
    form: str = "parquet",
    corpus: Path | None = None,
    start: datetime = START,
    accounts_table: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Written:
    """Build a range of any size into a folder, in bounded memory.

    Writes exchanges, accounts, truth and truth_accounts as `parquet` or `jsonl`, and range.json. A run that fails
    leaves no file behind; those of an earlier range of the same name are replaced at the end. Raises ValueError
    for an unknown form, OSError where the folder cannot be written.
    """
    _check(form)
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".unfinished-") as work:
        staged = stage(population, seed, Path(work), corpus=corpus, start=start, progress=progress)
        counted = _stream(staged, Path(work), form, progress)
        tables = {"accounts": staged.accounts(), "truth_accounts": staged.truth_accounts()}
        for name, table in tables.items():
            if name != "accounts" or accounts_table:
                _write_table(table, Path(work) / f"{name}.{form}")
        manifest = _manifest(staged, counted, form, corpus)
        text = json.dumps(manifest, indent=2, sort_keys=True)
        (Path(work) / "range.json").write_text(text + "\n", encoding="utf-8")
        paths = _move_in(Path(work), out, form)
    return Written(paths, manifest)


def write(built: Range, directory: str | Path, form: str = "parquet") -> dict[str, Path]:
    """Write a range that is in memory as `parquet` or `jsonl`; return the paths by table."""
    _check(form)
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    paths: dict[str, Path] = {}
    for name in TABLES:
        table = getattr(built, name)
        if table is not None:
            paths[name] = folder / f"{name}.{form}"
            _write_table(table, paths[name])
    return paths


def _check(form: str) -> None:
    if form not in FORMS:
        raise ValueError(f"form: expected {' or '.join(FORMS)}, found {form!r}")


def _stream(staged: Staged, work: Path, form: str, progress: Callable[[str], None] | None) -> dict[str, Any]:
    """Write exchanges and truth as they are rendered; return rows by kind and campaign."""
    rows: dict[tuple[str, str | None], int] = {}
    done = 0
    with ExitStack() as stack:
        log = stack.enter_context(_sink(work / f"exchanges.{form}", LOG_SCHEMA))
        truth = stack.enter_context(_sink(work / f"truth.{form}", TRUTH_SCHEMA))
        for batch, labels in staged.batches():
            log.put(batch)
            truth.put(labels)
            _count(rows, labels)
            done += len(batch)
            if progress is not None:
                progress(f"writing, {done:,} exchanges")
    kinds: dict[str, int] = {}
    campaigns: dict[str, int] = {}
    for (kind, campaign), count in rows.items():
        kinds[kind] = kinds.get(kind, 0) + count
        if campaign is not None:
            campaigns[campaign] = campaigns.get(campaign, 0) + count
    return {"exchanges": done, "kinds": kinds, "campaigns": campaigns}


def _count(rows: dict[tuple[str, str | None], int], labels: pa.RecordBatch) -> None:
    counted = pa.Table.from_batches([labels]).group_by(["kind", "campaign"]).aggregate([([], "count_all")])
    for kind, campaign, count in zip(
        *(counted[n].to_pylist() for n in ("kind", "campaign", "count_all")), strict=True
    ):
        rows[kind, campaign] = rows.get((kind, campaign), 0) + count


class _sink:  # noqa: N801 - used as a context, like the functions of contextlib
    """Takes batches into a Parquet or JSON Lines file."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._file: BinaryIO | None = None
        self._parquet: pq.ParquetWriter | None = None
        if path.suffix == ".jsonl":
            self._file = path.open("wb")
        else:
            named = [name for name in _DICTIONARY if name in schema.names]
            self._parquet = pq.ParquetWriter(
                path, schema, compression="zstd", compression_level=1, use_dictionary=named
            )

    def __enter__(self) -> _sink:
        return self

    def __exit__(self, *_: object) -> None:
        for open_file in (self._file, self._parquet):
            if open_file is not None:
                open_file.close()

    def put(self, batch: pa.RecordBatch) -> None:
        """Append a batch."""
        if self._parquet is not None:
            self._parquet.write_batch(batch)
        elif self._file is not None:
            self._file.write(lines(batch))


def _write_table(table: pa.Table, path: Path) -> None:
    with _sink(path, table.schema) as sink:
        for batch in table.to_batches(max_chunksize=100_000):
            sink.put(batch)


def _manifest(staged: Staged, counted: dict[str, Any], form: str, corpus: Path | None) -> dict[str, Any]:
    population = staged.population
    return counted | {
        "version": __version__,
        "scenario": population.name,
        "seed": staged.seed,
        "days": population.days,
        "start": staged.start.isoformat(),
        "form": form,
        "crossings": _crossings(staged),
        "corpus": corpus is not None,
        "accounts": staged.scene.roster.size,
        "launch": (staged.start.timestamp() + staged.scene.launch),
    }


def _crossings(staged: Staged) -> dict[str, dict[str, int]]:
    """Return for each kind of event between accounts how often it happens in honest traffic, campaigns and pools."""
    sides = [
        "campaigns" if k.campaign is not None else "pools" if k.kind in POOL_KINDS else "honest"
        for k in staged.scene.labels.known
    ]
    found: dict[str, dict[str, int]] = {}
    for event, rows in staged.scene.events.items():
        found[event] = dict.fromkeys(("honest", "campaigns", "pools"), 0)
        for side, count in zip(sides, rows.tolist(), strict=False):
            found[event][side] += count
    return found


def _move_in(work: Path, out: Path, form: str) -> dict[str, Path]:
    """Put the finished files in the place of an earlier range's, one rename each, and drop what is left of it."""
    paths: dict[str, Path] = {}
    for name in (*TABLES, "range"):
        made = work / f"{name}.{'json' if name == 'range' else form}"
        if made.exists():
            paths[name] = made.replace(out / made.name)
    for stale in (out / f"{name}.{other}" for name in TABLES for other in FORMS):
        if stale not in paths.values():
            stale.unlink(missing_ok=True)
    return paths
