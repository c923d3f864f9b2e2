"""`stillwatch ingest`: any log format to canonical Parquet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.terminal import progress, set_loudness
from stillwatch.settings import read_settings


def ingest(
    inputs: options.Logs,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="The Parquet file to write.", show_default=False),
    ],
    config: options.ConfigFile = None,
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
    settings = read_settings(
        config, options=options.input_options(mapping, constants, reader, format)
    ).settings
    from stillwatch.ingest import ingest as convert

    with progress(not no_progress) as on_progress:
        done = convert(inputs, out, settings=settings, progress=on_progress)
    raise NotImplementedError
