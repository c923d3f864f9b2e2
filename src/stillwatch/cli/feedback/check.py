"""`stillwatch feedback check`: fixtures judged again with the version installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.feedback import arguments
from stillwatch.cli.terminal import complain, print_json, set_loudness

if TYPE_CHECKING:
    from stillwatch.feedback.check import Checked


def check(
    state: options.State = None,
    config: options.ConfigFile = None,
    format: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Judge every fixture again. Leaves with code 5 if a group that was honest would be named."""
    set_loudness(quiet, verbose)
    folder = arguments.state_of(state, config)
    from stillwatch.feedback import check as work
    from stillwatch.feedback.ledger import read_ledger
    from stillwatch.report.words import counted

    arguments.warn_of_broken(read_ledger(folder), folder)
    checked = work.check(folder)
    failing = [each for each in checked if each.fails]
    if format == "json":
        print_json([_record(each) for each in checked])
    elif checked:
        _table(checked)
        typer.echo(f"{counted(len(checked), 'fixture')}, {len(failing)} failing")
    else:
        typer.echo("no fixtures yet")
    if not failing:
        return ExitCode.OK
    complain(
        f"honest, and would be named: {', '.join(each.entry_id for each in failing)}\n"
        "  fix: see `feedback show ID` and `feedback calibrate`; a threshold is nothing to turn for it"
    )
    return ExitCode.REGRESSED


def _table(checked: list[Checked]) -> None:
    from rich.table import Table

    from stillwatch.report.terminal import console_for, safe

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for name in ("entry", "subject", "held", "then", "now", "log10 e to its cut", ""):
        table.add_column(name, no_wrap=name == "entry")
    for each in checked:
        table.add_row(
            each.entry_id,
            safe(each.about),
            "honest" if each.honest else "campaign",
            each.then or "not named",
            each.problem or each.now or "not named",
            "" if each.problem else f"{-each.short:+.2f}",
            "FAILS" if each.fails else ("missed" if each.state == "missed" else ""),
        )
    console_for().print(table)
    for each in checked:
        for line in each.left_out:
            typer.echo(safe(f"{each.entry_id} is judged without {line}"))


def _record(each: Checked) -> dict[str, object]:
    return {
        "entry": each.entry_id,
        "subject": each.about,
        "honest": each.honest,
        "then": each.then,
        "now": each.now,
        "axes_then": each.axes[0],
        "axes_now": each.axes[1],
        "short": each.short,
        "state": each.state,
        "fails": each.fails,
        "problem": each.problem,
        "left_out": list(each.left_out),
    }
