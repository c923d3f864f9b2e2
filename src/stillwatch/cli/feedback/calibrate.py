"""`stillwatch feedback calibrate`: what labels would change of the priors; with --apply, the change itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.feedback import arguments
from stillwatch.cli.terminal import print_json, set_loudness

if TYPE_CHECKING:
    from stillwatch.feedback.calibrate import Calibration, Prior
    from stillwatch.feedback.priors import Share


def calibrate(
    apply: Annotated[
        bool, typer.Option("--apply", metavar="", help="Put it in force for scans with this state.")
    ] = False,
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Who applies it.", show_default=False)] = "",
    because: Annotated[
        str, typer.Option("--because", metavar="TEXT", help="What was reviewed.", show_default=False)
    ] = "",
    state: options.State = None,
    config: options.ConfigFile = None,
    format: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Show how labels would move the priors of kinds of work; write nothing unless --apply is given."""
    set_loudness(quiet, verbose)
    folder = arguments.state_of(state, config)
    from stillwatch.feedback import calibrate as work
    from stillwatch.feedback.ledger import read_ledger

    arguments.warn_of_broken(read_ledger(folder), folder)
    made = work.apply(folder, by=by, because=because) if apply else work.propose(folder)
    if format == "json":
        print_json(_record(made, apply))
        return ExitCode.OK
    _print(made)
    typer.echo("ceilings, cuts and the dial: unchanged")
    if apply:
        typer.echo(f"in force: {made.labels.told}")
    else:
        typer.echo("nothing is written; put it in force with --apply --by NAME --because TEXT")
    return ExitCode.OK


def _print(made: Calibration) -> None:
    from rich.table import Table

    from stillwatch.report.terminal import console_for, safe
    from stillwatch.report.words import counted

    before = made.before.labels if made.before is not None else 0
    typer.echo(f"{counted(made.labels.labels, 'labelled piece')} of work ({before} in force now)")
    console = console_for()
    if made.moves:
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
        for name in ("kind of work", "labels", "honest share", "of harvests", "signal", "log10 e", "ceiling"):
            table.add_column(name)
        for prior in made.moves:
            table.add_row(*_row(prior))
        console.print(table)
    rest = max((abs(p.moved) for p in made.priors if p not in made.moves), default=0.0)
    typer.echo(f"every other kind of work moves by {rest:.3f} at most")
    for line in made.left_out:
        console.print(safe(f"not counted: {line}"), soft_wrap=True)


def _row(prior: Prior) -> tuple[str, ...]:
    table, place = prior.kind
    words = {
        "clear": f"clearly after {place}",
        "leaning": f"leans to {place}",
        "single": f"{place} marks, one account",
        "shared": f"{place} marks, several accounts",
    }
    return (
        words[table].replace("_", " "),
        f"{prior.honest_labels} honest, {prior.campaign_labels} campaign",
        _change(prior.honest),
        _change(prior.harvest),
        prior.signal,
        f"{prior.log10_e[0]:.2f} → {prior.log10_e[1]:.2f} ({prior.moved:+.2f})",
        f"{prior.ceiling:.0f}",
    )


def _change(shares: tuple[Share, Share]) -> str:
    return " → ".join(_share(share) for share in shares)


def _share(share: Share) -> str:
    low, high = share.interval
    return f"{share.value:.2%} [{low:.2%}, {high:.2%}]"


def _record(made: Calibration, applied: bool) -> dict[str, object]:
    return {
        "applied": applied,
        "labels": made.labels.facts,
        "in_force_before": made.before.facts if made.before is not None else None,
        "moves": [
            {
                "table": prior.kind[0],
                "place": prior.kind[1],
                "signal": prior.signal,
                "honest_labels": prior.honest_labels,
                "campaign_labels": prior.campaign_labels,
                "honest_share": [_interval(share) for share in prior.honest],
                "harvest_share": [_interval(share) for share in prior.harvest],
                "log10_e": list(prior.log10_e),
                "ceiling": prior.ceiling,
            }
            for prior in made.moves
        ],
        "not_counted": list(made.left_out),
    }


def _interval(share: Share) -> dict[str, object]:
    return {"share": share.value, "interval": list(share.interval)}
