"""`stillwatch demo`: a small labelled log, scanned."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.scan import point_to, show
from stillwatch.cli.terminal import out as stdout
from stillwatch.cli.terminal import progress, say, set_loudness
from stillwatch.settings import read_settings


def demo(
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Where the log and the results go.")
    ] = Path("stillwatch-demo"),
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another world of the same kind.")] = 2,
    open_report: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the report in a browser.")
    ] = False,
    config: options.ConfigFile = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    no_progress: options.NoProgress = False,
) -> int:
    """Write a small labelled log of honest and harvesting traffic, scan it, and compare with the truth."""
    set_loudness(quiet, verbose)
    settings = read_settings(config).settings
    from stillwatch.demo import run_demo

    with progress(not no_progress) as on_progress:
        outcome = run_demo(out, seed=seed, settings=settings, progress=on_progress)
    show(outcome.result, settings)
    stdout().print("\n" + outcome.summary(), markup=False)
    point_to(outcome.results)
    if open_report:
        page = (outcome.results / "report.html").resolve()
        if not webbrowser.open(page.as_uri()):
            say("no browser could be opened; open the report by hand")
    return ExitCode.OK
