"""`stillwatch range baselines`: simple detectors and a scan on one range, side by side."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.ranges import grids
from stillwatch.cli.terminal import set_loudness


def baselines(
    log: grids.LogDir,
    results: Annotated[
        Path | None,
        typer.Option(
            "--results", metavar="DIR", help="What a scan of the same log wrote.", show_default=False
        ),
    ] = None,
    rate: Annotated[
        float,
        typer.Option(
            "--rate",
            metavar="SHARE",
            min=0.0,
            max=1.0,
            help="Honest accounts flagged, at which all are compared.",
        ),
    ] = 0.01,
    json_file: grids.JsonFile = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Run simple detectors over a range, beside a scan if one is given: a range they solve proves nothing."""
    set_loudness(quiet, verbose)
    from stillwatch.ranges.scoring.card import markdown, separability
    from stillwatch.ranges.scoring.record import as_json

    rows = separability(log, results=results, rate=rate)
    typer.echo(markdown(rows), nl=False)
    if json_file is not None:
        json_file.write_text(as_json(rows), encoding="utf-8")
    return ExitCode.OK
