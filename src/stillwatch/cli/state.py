"""`stillwatch state`: what one scan leaves for the next, shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.terminal import complain, print_json, set_loudness

if TYPE_CHECKING:
    from stillwatch.campaigns.lasting.records import State

app = typer.Typer(help="What one scan leaves for the next: show it.", no_args_is_help=True)

LATEST = 20  # changes shown


@app.callback()
def _root() -> None:
    pass


@app.command(no_args_is_help=True)
def show(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The --state directory of the scans.", show_default=False)
    ],
    format: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Print the campaigns known, the groups watched, and what became of ids; json prints all of it."""
    set_loudness(quiet, verbose)
    import msgspec

    from stillwatch.campaigns.lasting.state import (
        STATE_FILE,
        read_state,
    )  # here, so that --help answers at once

    if not (folder / STATE_FILE).exists():
        complain(f"{folder}: no state here\n  fix: name the directory given to `scan --state`")
        return ExitCode.USAGE
    state = read_state(folder)
    if format == "json":
        print_json(msgspec.to_builtins(state))
    else:
        typer.echo("\n".join(lines(state)))
    return ExitCode.OK


def lines(state: State) -> list[str]:
    """Return what there is to see of a state, a line each."""
    from stillwatch.evidence.online import share_of_scan
    from stillwatch.report.terminal import safe

    span = f", {_day(state.since)} to {_day(state.until)}" if state.since and state.until else ""
    found = ", ".join(f"{count} {verdict}" for verdict, count in state.found.items()) or "none"
    told = [
        f"scans so far: {state.scans}{span}",
        f"discoveries: {found}",
        f"share of the dial for the next scan: {share_of_scan(state.scans + 1):.2%}",
        f"groups watched: {len(state.candidates)}",
    ]
    for known in state.campaigns:
        banned = f", {len(known.suspended)} suspended" if known.suspended else ""
        decided = f", {known.judgement}" if known.judgement else ""
        seen = (
            f", {_day(known.first_seen)} to {_day(known.last_seen)}"
            if known.first_seen and known.last_seen
            else ""
        )
        verdict = known.verdict or "named by an earlier version"
        told.append(
            f"  {safe(known.campaign_id)}  {verdict}, {len(known.members)} accounts{banned}{seen}{decided}"
        )
    if state.history:
        told.append("latest changes:")
    for change in state.history[-LATEST:]:
        other = f" {safe(change.other)}" if change.other else ""
        told.append(
            f"  {change.at:%Y-%m-%d %H:%M}  {safe(change.campaign_id)} {change.event.replace('_', ' ')}{other}"
        )
    return told


def _day(moment: object) -> str:
    return f"{moment:%Y-%m-%d}"
