"""Reads a log once for `stillwatch doctor` and counts what it carries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.campaigns.coverage import FieldCount, Silence, field_coverage, silences
from stillwatch.campaigns.model import FieldCoverage
from stillwatch.cli.terminal import StageProgress
from stillwatch.exchanges import DeadLetters, Limits, ReadLog, read_accounts, read_exchanges
from stillwatch.settings import Settings
from stillwatch.signals import COUNTER_SIGNALS, SIGNALS


@dataclass(frozen=True, slots=True)
class LogCoverage:
    """What was read, how often each field is present (0..1), and what the gaps cost."""

    files: tuple[tuple[str, str, int, int], ...]  # file, format, exchanges, rejected
    exchanges: int
    accounts: int
    rejected: dict[str, int]  # reason ► rows
    first: str | None
    last: str | None
    fields: tuple[FieldCoverage, ...]
    silent: tuple[Silence, ...]


def log_coverage(
    logs: list[str], accounts: Path | None, settings: Settings, progress: StageProgress
) -> LogCoverage:
    """Read logs, and the accounts table if there is one, and count their fields. Nothing is written.

    Raises ReadError where a log cannot be read at all.
    """
    signals = (*SIGNALS, *COUNTER_SIGNALS)
    read, counts, times = ReadLog(), FieldCount(), []
    with DeadLetters() as dead:
        batches = read_exchanges(
            list(logs),
            dead_letters=dead,
            mapping=settings.input.mapping,
            constants=settings.input.constants,
            batch_rows=settings.input.batch_rows,
            format=settings.input.reader,
            limits=Limits(document_bytes=settings.input.max_document_mb << 20),
            log=read,
            progress=progress.reading,
        )
        for batch in batches:
            counts.add(batch)
            times.append(pc.min_max(batch.column("time")))
        table = _count_accounts(accounts, dead)
    fields = field_coverage(counts, table, signals)
    return LogCoverage(
        files=tuple((name, f.format or "-", f.rows, f.rejected) for name, f in read.files.items()),
        exchanges=counts.rows,
        accounts=len(counts.account_ids),
        rejected=dict(dead.counts.most_common()),
        first=_instant(min((t["min"].as_py() for t in times), default=None)),
        last=_instant(max((t["max"].as_py() for t in times), default=None)),
        fields=fields,
        silent=silences(fields, signals),
    )


def _count_accounts(accounts: Path | None, dead: DeadLetters) -> FieldCount | None:
    if accounts is None:
        return None
    count = FieldCount()
    table: pa.Table = read_accounts(accounts, dead)
    for batch in table.to_batches():
        count.add(batch)
    return count


def _instant(moment: object) -> str | None:
    return None if moment is None else f"{moment:%Y-%m-%d %H:%M}"
