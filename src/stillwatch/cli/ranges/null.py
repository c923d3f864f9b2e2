"""`stillwatch range null`: logs without a campaign, scanned, against the promise of the dial."""

from __future__ import annotations

import json
import math
from typing import Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.ranges import grids
from stillwatch.cli.terminal import complain, say, set_loudness
from stillwatch.settings import read_settings


def null(
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", min=1, help="Logs, one a seed.")] = 60,
    first: Annotated[int, typer.Option("--first", metavar="N", min=0, help="The first seed.")] = 0,
    scale: Annotated[float, typer.Option("--scale", metavar="X", help="Of the scenario `benign`.")] = 0.3,
    corpus: grids.Corpus = None,
    accounts: Annotated[
        bool, typer.Option("--accounts/--no-accounts", help="Scan with the accounts table.")
    ] = True,
    json_file: grids.JsonFile = None,
    jobs: grids.Jobs = 1,
    config: options.ConfigFile = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Scan honest logs: is a campaign reported as rarely as promised? Leaves with code 1 if that is refuted."""
    set_loudness(quiet, verbose)
    if not 0 < scale < math.inf:
        raise typer.BadParameter(f"expected a number above 0, got {scale:g}", param_hint="--scale")
    settings = read_settings(config).settings
    from stillwatch.ranges.trials.null import as_record, null_trial, show, summed

    logs = []
    chosen = range(first, first + seeds)
    for log in null_trial(
        chosen, scale, corpus=corpus, settings=settings, accounts_table=accounts, at_once=jobs
    ):
        logs.append(log)
        reported = ", ".join(f"{n} {verdict}" for verdict, n in log.reported.items()) or "nothing reported"
        say(
            f"seed {log.seed} ({len(logs)} of {seeds}): {log.exchanges:,} exchanges, {reported}, {log.seconds} s"
        )
    trial = summed(logs, settings.detection.false_discovery_rate)
    typer.echo(show(trial))
    if json_file is not None:
        json_file.write_text(json.dumps(as_record(trial, logs), indent=2) + "\n", encoding="utf-8")
    if trial.promise.within_dial:
        return ExitCode.OK
    complain(
        "more false campaigns than the dial allows, beyond chance\n"
        "  fix: see which kinds were named; until then lower detection.false_discovery_rate"
    )
    return ExitCode.ERROR
