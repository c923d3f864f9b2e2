"""`stillwatch range score`: a detector's results against the truth of its log."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.ranges import grids
from stillwatch.cli.terminal import set_loudness


def score(
    results: Annotated[
        Path,
        typer.Argument(
            metavar="RESULTS",
            help="What `scan --out` wrote, or another detector's accounts.",
            show_default=False,
        ),
    ],
    truth: Annotated[
        Path, typer.Argument(metavar="TRUTH", help="A folder that `range build` wrote.", show_default=False)
    ],
    json_file: grids.JsonFile = None,
    enforce_at: Annotated[
        options.Level,
        typer.Option(
            "--enforce-at",
            metavar="LEVEL",
            help="The confidence from which an account counts as enforced against.",
        ),
    ] = "suspected",
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Score a scan, or another detector, against the truth: what was found, and who was wronged."""
    set_loudness(quiet, verbose)
    from stillwatch.ranges import scoring

    found = scoring.score(results, truth, confidence=enforce_at)
    typer.echo(scoring.render(found))
    if json_file is not None:
        json_file.write_text(scoring.as_json(found), encoding="utf-8")
    return ExitCode.OK
