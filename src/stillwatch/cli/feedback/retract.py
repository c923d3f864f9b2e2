"""`stillwatch feedback retract`: take a word back. The ledger keeps both."""

from __future__ import annotations

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.feedback import arguments
from stillwatch.cli.terminal import set_loudness


def retract(
    entry: arguments.EntryId,
    by: arguments.By,
    because: arguments.Because,
    state: options.State = None,
    config: options.ConfigFile = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Take an entry back: it no longer labels anything. Nothing is erased."""
    set_loudness(quiet, verbose)
    folder = arguments.state_of(state, config)
    from stillwatch.feedback.giving import take_back

    made = take_back(folder, entry, by=by, because=because)
    typer.echo(f"{made.id}  takes {entry} back; priors change by `feedback calibrate --apply` only")
    return ExitCode.OK
