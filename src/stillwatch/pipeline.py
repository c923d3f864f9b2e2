"""One scan: from logs to campaigns. The stages of the house in the order in which data flow through them."""

from __future__ import annotations

import logging
import os
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from stillwatch.campaigns.coverage import FieldCount, field_coverage
from stillwatch.campaigns.judging import Outcome
from stillwatch.campaigns.lasting.look import Dials, first_look, look
from stillwatch.campaigns.lasting.records import State
from stillwatch.campaigns.lasting.remember import forget_keys, remember
from stillwatch.campaigns.lasting.state import locked, read_state, write_state
from stillwatch.campaigns.model import ScanResult
from stillwatch.campaigns.telling.assemble import Assembled, assemble
from stillwatch.campaigns.telling.skeletons import with_skeletons
from stillwatch.campaigns.traffic import gather
from stillwatch.engines import Session
from stillwatch.engines.memory import peak
from stillwatch.exchanges import DeadLetters, Limits, Progress, ReadLog, read_accounts, read_exchanges
from stillwatch.exchanges.dead_letters import conflicting
from stillwatch.feedback.groups import Scanned, record
from stillwatch.feedback.labels import Labels, priors
from stillwatch.intents import intents
from stillwatch.report import write_results
from stillwatch.report.writers import ACCOUNTS_SCHEMA, EXCHANGES_SCHEMA, WORKLOADS_SCHEMA
from stillwatch.settings import RunSettings, Settings
from stillwatch.signals import COUNTER_SIGNALS, HANDOVERS, SIGNALS
from stillwatch.sketches import Deliveries, Secret, sketch_stream
from stillwatch.sketches.store import write_sketches
from stillwatch.texts import Keeping
from stillwatch.version import __version__
from stillwatch.workloads import assign_workloads

Inputs = str | Path | Sequence[str | Path]

NOTHING = Assembled(
    (), EXCHANGES_SCHEMA.empty_table(), ACCOUNTS_SCHEMA.empty_table(), WORKLOADS_SCHEMA.empty_table(), ()
)
DELIVERY_SHARE = 0.1  # of the memory limit, for knowing repeated deliveries
FIXED_MEMORY = 450_000_000  # bytes: libraries, compiled kernels, and what a reader holds
WORKER_MEMORY = 160_000_000  # bytes: the largest batch of exchanges, its sketches, and the room to make them


@dataclass
class Clock:
    """Wall seconds per stage, for run.json; no detector sees them."""

    on_progress: Callable[..., None] | None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        if self.on_progress is not None:
            self.on_progress(name, 0, None)
        begun = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - begun, 3)
        took = {"stage": name, "seconds": self.seconds[name]}
        logging.getLogger(__name__).info("stage done", extra=took)

    def report(self, name: str, done: int, total: int | None) -> None:
        if self.on_progress is not None:
            self.on_progress(name, done, total)


@dataclass
class Intake:
    """What came in: counts for run.json, and which fields it carried."""

    log: ReadLog = field(default_factory=ReadLog)
    exchanges: int = 0
    duplicates: int = 0
    fields: FieldCount = field(default_factory=FieldCount)


@dataclass(frozen=True)
class ReadOptions:
    """How the logs are read, as given to this scan."""

    mapping: Mapping[str, str]
    constants: Mapping[str, Any]
    since: datetime | None
    until: datetime | None


@dataclass(frozen=True)
class _Run:
    settings: Settings
    texts: Keeping
    secret: Secret
    lasts: bool  # the secret is that of the deployment, not made for this scan alone
    clock: Clock
    intake: Intake


@dataclass(frozen=True)
class Found:
    """What detection returned, and over how many accounts."""

    assembled: Assembled
    outcome: Outcome
    accounts: int
    scanned: Scanned  # what feedback is given on
    after: State | None = None  # for the next scan


def scan(
    inputs: Inputs,
    *,
    accounts: str | Path | None = None,
    out: str | Path | None = None,
    settings: Settings | None = None,
    secret: str | Path | None = None,
    state: str | Path | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    mapping: Mapping[str, str] | None = None,
    constants: Mapping[str, Any] | None = None,
    progress: Callable[..., None] | None = None,
) -> ScanResult:
    """Find the campaigns in logs of API traffic.

    `inputs` are files, directories, globs or `-`; `accounts` the optional accounts table. With `out`, all result
    files are written there, together or not at all. `secret` is the file of the deployment's secret, made where
    absent; without one a random secret is used and thrown away. `state` is the folder of what one scan leaves for the
    next (docs/over-time.md), and holds the text that `settings.text` asks to keep. `since` (inclusive) and `until`
    (exclusive) cut by event time. `progress` is called as (stage, done, total).

    Raises ReadError where an input cannot be read at all, and StateError where another scan holds the state;
    rows that cannot be read become dead letters.
    The same exchanges, accounts, settings and secret give the same result, in whatever order they come.
    """
    settings = settings or Settings()
    folder = Path(state) if state is not None else settings.run.state_dir
    texts = Keeping(settings.text, folder)
    file = secret or settings.run.secret_file
    run = _Run(settings, texts, _secret(file), file is not None, Clock(progress), Intake())
    options = ReadOptions(
        mapping={**settings.input.mapping, **(mapping or {})},
        constants={**settings.input.constants, **(constants or {})},
        since=since,
        until=until,
    )
    with (
        locked(folder),
        priors(folder) as labels,
        Session(threads=settings.run.threads, temp_dir=settings.run.temp_dir) as session,
        texts,
    ):
        before = read_state(folder) if folder is not None else None
        rejected = session.folder / "rejected.jsonl"
        with DeadLetters(rejected) as dead_letters:
            with run.clock.stage("accounts"):
                known = read_accounts(accounts, dead_letters) if accounts is not None else None
            with run.clock.stage("reading and sketching"):
                sketches = _sketch(session, inputs, run, dead_letters, options)
        found = _detect(session, sketches, known, run, before) if run.intake.exchanges else None
        result = _result(found, run, known, dead_letters, labels)
        if out is not None:
            with run.clock.stage("writing"):
                write_results(result, Path(out), rejected=rejected if rejected.exists() else None)
        if folder is not None and found is not None and found.after is not None:
            record(folder, found.scanned, run.secret, settings.detection)
            write_state(folder, found.after)
    return result


def _secret(path: str | Path | None) -> Secret:
    return Secret.load_or_create(path) if path is not None else Secret.from_bytes(secrets.token_bytes(32))


def _sketch(
    session: Session, inputs: Inputs, run: _Run, dead_letters: DeadLetters, options: ReadOptions
) -> ir.Table:
    """Read, drop repeated deliveries, sketch, and keep the sketches on disk; return them as a table."""
    settings, intake, secret = run.settings, run.intake, run.secret

    def on_read(progress: Progress) -> None:
        run.clock.report("reading and sketching", progress.bytes_read, progress.bytes_total)

    def admitted() -> Iterator[pa.RecordBatch]:
        batches = read_exchanges(
            inputs,
            dead_letters=dead_letters,
            log=intake.log,
            progress=on_read,
            mapping=options.mapping,
            constants=options.constants,
            since=options.since,
            until=options.until,
            batch_rows=settings.input.batch_rows,
            format=settings.input.reader,
            limits=Limits(document_bytes=settings.input.max_document_mb * 1_000_000),
        )
        memory = int(settings.run.memory_limit_bytes * DELIVERY_SHARE)
        with Deliveries(secret, memory=memory, directory=session.folder) as deliveries:
            for batch in batches:
                kept = deliveries.admit(batch)
                intake.duplicates += kept.repeats
                intake.exchanges += kept.batch.num_rows
                intake.fields.add(kept.batch)
                for row in kept.conflicts.to_pylist():
                    dead_letters.add(conflicting(row))
                if kept.batch.num_rows:
                    run.texts.add(kept.batch, secret)
                    yield kept.batch

    path = session.folder / "sketches.parquet"
    label = intents if settings.detection.intents else None
    write_sketches(sketch_stream(admitted(), secret, _workers(settings.run), label), path)
    return session.parquet("sketches", str(path))


def _workers(run: RunSettings) -> int:
    """Return how many batches may be sketched at a time within the memory limit."""
    room = (run.memory_limit_bytes - FIXED_MEMORY) // WORKER_MEMORY
    return max(1, min(run.threads or os.cpu_count() or 1, room))


def _detect(
    session: Session, sketches: ir.Table, known: pa.Table | None, run: _Run, before: State | None
) -> Found:
    """Group, gather, judge and attribute: everything after text."""
    detection, clock, limit = run.settings.detection, run.clock, run.settings.run.memory_limit_bytes
    secret = run.secret if run.lasts else None
    with clock.stage("workloads"):
        session.fit(limit)
        assigned = assign_workloads(session, sketches)
    with clock.stage("hand-overs and streams"):
        session.fit(limit)
        present = frozenset(name for name, n in run.intake.fields.present.items() if n)
        traffic = gather(session, sketches, assigned, known, HANDOVERS, present)
    with clock.stage("campaigns"):
        session.fit(limit)
        dials = Dials(detection.false_discovery_rate, detection.min_accounts)
        state = forget_keys(before, secret.id if secret else None) if before is not None else None
        looked = look(traffic, dials, state, known, secret) if state else first_look(traffic, dials)
    with clock.stage("attribution"):
        session.fit(limit)
        dial = detection.wrong_enforcements_per_million_account_months
        assembled = assemble(traffic, looked.outcome, looked.bulk, looked.earlier, dial)
        campaigns = with_skeletons(assembled.campaigns, traffic, run.texts)
        assembled = replace(assembled, campaigns=campaigns)
        after = remember(state, traffic, looked, campaigns, secret) if state is not None else None
    scanned = Scanned(traffic, looked.outcome, looked.bulk, campaigns)
    return Found(assembled, looked.outcome, traffic.size, scanned, after)


def _result(
    found: Found | None, run: _Run, known: pa.Table | None, dead_letters: DeadLetters, labels: Labels | None
) -> ScanResult:
    registered = FieldCount()
    if known is not None:
        registered.add(known)
    signals = (*SIGNALS, *COUNTER_SIGNALS)
    coverage = field_coverage(run.intake.fields, registered if known is not None else None, signals)
    made = found.assembled if found else NOTHING
    facts = _facts(found, run, dead_letters) | ({"calibration": labels.facts} if labels else {})
    tables = (made.exchanges, made.accounts, made.workloads)
    return ScanResult(made.campaigns, *tables, made.examined, coverage, facts)


def _facts(found: Found | None, run: _Run, dead_letters: DeadLetters) -> dict[str, Any]:
    """Return what run.json holds."""
    return {
        "version": __version__,
        "false_discovery_rate": run.settings.detection.false_discovery_rate,
        "cut_log10_e": round(found.outcome.cut, 4) if found else None,
        "scans": found.after.scans if found and found.after else 1,
        "proposals": found.outcome.proposals if found else 0,
        "coordinated": found.outcome.coordinated if found else 0,
        "options": run.settings.model_dump(mode="json"),
        "inputs": [
            {"file": name, "format": count.format, "exchanges": count.rows, "rejected": count.rejected}
            for name, count in sorted(run.intake.log.files.items())
        ],
        "exchanges": run.intake.exchanges,
        "accounts": found.accounts if found else 0,
        "duplicates": run.intake.duplicates,
        "rejected": dict(sorted(dead_letters.counts.items())),
        "timings_s": run.clock.seconds,
        "peak_memory_bytes": peak(),
        "memory_limit_bytes": run.settings.run.memory_limit_bytes,
        "secret_id": run.secret.id,
        "seed_id": run.secret.id,  # the results contract's word for it
    }
