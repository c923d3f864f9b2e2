"""`stillwatch feedback list` and `show`: what was said, by whom, and on what evidence."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.feedback import arguments
from stillwatch.cli.terminal import print_json, set_loudness

if TYPE_CHECKING:
    from stillwatch.feedback.ledger import Entry, Ledger


def list_entries(
    state: options.State = None,
    config: options.ConfigFile = None,
    format: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Print all entries, the oldest first."""
    set_loudness(quiet, verbose)
    folder = arguments.state_of(state, config)
    from stillwatch.feedback.ledger import read_ledger

    held = read_ledger(folder)
    arguments.warn_of_broken(held, folder)
    if format == "json":
        print_json([asdict(entry) for entry in held.entries])
    elif held.entries:
        _table(held)
    else:
        typer.echo("nobody has said anything yet")
    return ExitCode.OK


def show(
    entry: arguments.EntryId,
    state: options.State = None,
    config: options.ConfigFile = None,
    format: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Print one entry with the evidence as it was."""
    set_loudness(quiet, verbose)
    folder = arguments.state_of(state, config)
    from stillwatch.feedback.ledger import read_ledger
    from stillwatch.report.terminal import safe

    held = read_ledger(folder)
    found = held.find(entry)
    if format == "json":
        print_json(found)
    else:
        typer.echo("\n".join(safe(line) for line in _lines(found, held)))
    return ExitCode.OK


def _said(entry: Entry, ledger: Ledger) -> str:
    if entry.retracts is not None:
        return f"takes {entry.retracts} back"
    appeal = f", appeal {entry.appeal}" if entry.appeal else ""
    return f"{entry.says}{appeal}" + ("" if entry in ledger.standing else " (taken back)")


def _table(held: Ledger) -> None:
    from rich.table import Table

    from stillwatch.report.terminal import console_for, safe

    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for name in ("entry", "recorded", "subject", "says", "by", "fixture", "because"):
        table.add_column(name, no_wrap=name in ("entry", "recorded"))
    for entry in held.entries:
        table.add_row(
            entry.id,
            entry.recorded[:10],
            safe(entry.about),
            _said(entry, held),
            safe(entry.by),
            "kept" if entry.fixture else "",
            safe(entry.because),
        )
    console_for().print(table)


def _lines(entry: Entry, ledger: Ledger) -> list[str]:
    lines = [
        f"{entry.id}  {entry.about}: {_said(entry, ledger)}",
        f"by {entry.by} (user {entry.user}), {entry.recorded}",
        f"because: {entry.because}",
    ]
    found = entry.found
    if found is None:
        return lines
    held = found.verdict or "not named"
    cut = "" if found.cut is None else f", cut {found.cut:.1f}"
    lines += [
        f"scan: stillwatch {entry.stillwatch}, secret {entry.seed_id}, data until {entry.event_time}",
        f"then: {held} {found.confidence or ''}".rstrip() + f", log10 e {found.log10_e:.1f}{cut}",
        "axes: " + ", ".join(f"{axis} {value:.1f}" for axis, value in found.axes.items()),
    ]
    for rows, sign in ((found.evidence, "for"), (found.counter_evidence, "against")):
        lines += [f"{sign:8}{row['log10_e']:6.1f}  {row['signal']}: {row['summary']}" for row in rows]
    return lines
