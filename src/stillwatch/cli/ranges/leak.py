"""`stillwatch range leak`: what each campaign of a range takes before it is first reported."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.ranges import grids
from stillwatch.cli.terminal import say, set_loudness
from stillwatch.settings import read_settings

if TYPE_CHECKING:
    from stillwatch.ranges.trials.leak_sights import Prefix


def leak(
    log: grids.LogDir,
    steps: Annotated[
        int | None,
        typer.Option(
            "--steps",
            metavar="N",
            min=1,
            max=1000,
            show_default=False,
            help="Most prefixes to scan, dense where campaigns are young (default 12).",
        ),
    ] = None,
    every: Annotated[
        float | None,
        typer.Option("--every", metavar="HOURS", help="Prefixes by the clock instead.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="FILE", help="Also write everything as JSON.", show_default=False
        ),
    ] = None,
    config: options.ConfigFile = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Scan a range as it grows: what each true campaign takes before a scan first reports it."""
    set_loudness(quiet, verbose)
    if steps is not None and every is not None:
        raise typer.BadParameter("give --steps or --every, not both", param_hint="--every")
    if every is not None and every <= 0:
        raise typer.BadParameter(f"expected hours above 0, got {every:g}", param_hint="--every")
    settings = read_settings(config).settings
    from stillwatch.cli.terminal import out as stdout
    from stillwatch.ranges.trials import leak as trial
    from stillwatch.ranges.trials.leak_times import STEPS, by_clock, by_growth
    from stillwatch.ranges.trials.leak_truth import read_leak_truth

    truth = read_leak_truth(log)
    if every is not None:
        ends = by_clock(truth.first, truth.last, every)
    else:
        ends = by_growth(truth.times, truth.last, STEPS if steps is None else steps)

    def tell(prefix: Prefix) -> None:
        known = sum(sight.reported_as is not None for sight in prefix.sights)
        begun = sum(sight.accounts > 0 for sight in prefix.sights)
        say(
            f"until {prefix.until:%Y-%m-%d %H:%M} UTC: {prefix.exchanges:,} exchanges,"
            f" {known} of {begun} campaigns begun reported"
        )

    prefixes = trial.scan_prefixes(log, truth, ends, settings=settings, progress=tell)
    found = trial.leaks(truth, prefixes)
    stdout().print(trial.show(found, prefixes), markup=False, soft_wrap=True)
    if out is not None:
        import json

        out.write_text(json.dumps(trial.as_record(found, prefixes), indent=2) + "\n", encoding="utf-8")
    return ExitCode.OK
