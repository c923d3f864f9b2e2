"""`stillwatch ingest`: any log format to canonical Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.terminal import out as stdout
from stillwatch.cli.terminal import print_json, progress, say, set_loudness, tell_rejected
from stillwatch.settings import read_settings

if TYPE_CHECKING:
    from stillwatch.exchanges import DeadLetters
    from stillwatch.ingest import Ingested

ParquetFile = Annotated[
    Path, typer.Option("--out", "-o", metavar="FILE", help="The Parquet file to write.", show_default=False)
]


def ingest(
    inputs: options.Logs,
    out: ParquetFile,
    config: options.ConfigFile = None,
    since: options.Since = None,
    until: options.Until = None,
    mapping: options.Mapping = None,
    constants: options.Constants = None,
    reader: options.ReaderName = None,
    format: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    no_progress: options.NoProgress = False,
) -> int:
    """Convert logs of any known format to canonical Parquet; rows that cannot be read go beside it."""
    set_loudness(quiet, verbose)
    first, last = options.window(since, until)
    settings = read_settings(
        config, options=options.input_options(mapping, constants, reader, format)
    ).settings
    from stillwatch.exchanges import DeadLetters
    from stillwatch.ingest import ingest as convert

    with progress(not no_progress) as on_progress, DeadLetters(out.with_suffix(".rejected.jsonl")) as dead:
        done = convert(
            list(inputs),
            out,
            dead_letters=dead,
            mapping=settings.input.mapping,
            constants=settings.input.constants,
            since=first,
            until=last,
            format=settings.input.reader,
            batch_rows=settings.input.batch_rows,
            progress=on_progress.reading,
        )
    if settings.output.format == "json":
        print_json({"out": str(out), "files": done.log.files, "rows": done.rows, "repeats": done.repeats,
                    "rejected": dict(dead.counts.most_common())})  # fmt: skip
    elif not quiet:
        _show(done, dead)
    rows = done.rows + done.repeats + dead.total
    too_many = tell_rejected(dead.total, rows, settings.input.max_rejected_share, str(dead.path))
    return ExitCode.REJECTED if too_many else ExitCode.OK


def _show(done: Ingested, dead: DeadLetters) -> None:
    console = stdout()
    for name, file in done.log.files.items():
        rejected = f", {file.rejected:,} rejected" if file.rejected else ""
        outside = f", {file.outside:,} outside the time window" if file.outside else ""
        kind = file.format or ("not recognised" if file.rejected else "empty")
        console.print(
            f"{name}: {kind}, {file.rows:,} exchanges{rejected}{outside}", markup=False, soft_wrap=True
        )
    repeats = f", {done.repeats:,} repeats dropped" if done.repeats else ""
    console.print(f"{done.out}: {done.rows:,} exchanges{repeats}", markup=False, soft_wrap=True, style="bold")
    if dead.total:
        console.print(
            f"{dead.path}: {dead.total:,} rows that could not be read", markup=False, soft_wrap=True
        )
        for reason, count in dead.counts.most_common(3):
            console.print(f"  {count:,} × {reason}", markup=False, soft_wrap=True, style="dim")
    if not done.rows:
        say("nothing was read: see the rejected rows, or `stillwatch doctor` on the input")
