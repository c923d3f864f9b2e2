"""`stillwatch feedback add`: an analyst's verdict or a decided appeal, with the evidence as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.feedback import arguments
from stillwatch.cli.terminal import print_json, say, set_loudness


def add(
    subject: Annotated[
        str,
        typer.Argument(
            metavar="CAMPAIGN|ACCOUNT",
            help="An id, a place in the list of campaigns, or near-N for a group examined and not named.",
            show_default=False,
        ),
    ],
    results: Annotated[
        Path,
        typer.Option("--results", metavar="DIR", help="What `scan --out` wrote.", show_default=False),
    ],
    says: Annotated[
        Literal["honest", "campaign", "resale", "unclear"],
        typer.Option("--says", help="What it is, having looked at it.", show_default=False),
    ],
    by: arguments.By,
    because: arguments.Because,
    appeal: Annotated[
        Literal["upheld", "rejected"] | None,
        typer.Option("--appeal", help="How an appeal was decided, if it is one.", show_default=False),
    ] = None,
    state: options.State = None,
    config: options.ConfigFile = None,
    format: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Say what a finding is. Nothing changes by it but the ledger, and the group is kept as a fixture."""
    set_loudness(quiet, verbose)
    folder = arguments.state_of(state, config)
    from stillwatch.feedback.giving import give
    from stillwatch.feedback.ledger import read_ledger
    from stillwatch.report.results import load_results
    from stillwatch.report.terminal import safe

    arguments.warn_of_broken(read_ledger(folder), folder)
    given = give(
        folder, load_results(results), subject, says=says, by=by, because=because, appeal=appeal
    )  # fmt: skip
    if format == "json":
        print_json(given.entry)
        return ExitCode.OK
    kept = "; the group is kept as a fixture" if given.entry.fixture else ""
    decided = f", appeal {appeal}" if appeal else ""
    typer.echo(safe(f"{given.entry.id}  {given.entry.about}: {says}{decided}, says {given.entry.by}{kept}"))
    if given.without:
        say(f"no fixture and no label: {given.without}")
    return ExitCode.OK
