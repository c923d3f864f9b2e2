"""`stillwatch doctor`: does the installation work, and what does a log allow the signals to see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from stillwatch.cli import options
from stillwatch.cli.checks import Check, installation_checks
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.terminal import out, print_json, progress, set_loudness
from stillwatch.settings import read_settings

if TYPE_CHECKING:
    from stillwatch.campaigns.coverage import Silence
    from stillwatch.campaigns.model import FieldCoverage
    from stillwatch.cli.look import LogCoverage

_REASONS_SHOWN = 5

_MARK = {"ok": "[green]ok[/]", "note": "[yellow]note[/]", "failed": "[bold red]failed[/]"}


def doctor(
    logs: Annotated[
        list[str] | None,
        typer.Argument(metavar="[LOGS...]", help="Logs to look at: what each missing field costs."),
    ] = None,
    accounts: options.Accounts = None,
    config: options.ConfigFile = None,
    mapping: options.Mapping = None,
    constants: options.Constants = None,
    reader: options.ReaderName = None,
    format: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    no_progress: options.NoProgress = False,
) -> int:
    """Check the installation; with LOGS, show which fields they carry and which signals fall silent."""
    set_loudness(quiet, verbose)
    settings = read_settings(
        config, options=options.input_options(mapping, constants, reader, format)
    ).settings
    checks = installation_checks(settings)
    coverage = None
    if logs:
        from stillwatch.cli.look import log_coverage

        with progress(not no_progress) as on_progress:
            coverage = log_coverage(logs, accounts, settings, on_progress)
    if settings.output.format == "json":
        print_json({"checks": checks, "coverage": coverage})
    else:
        _print_checks(checks)
        if coverage is not None:
            _print_coverage(coverage)
    return ExitCode.ERROR if any(c.standing == "failed" for c in checks) else ExitCode.OK


def _print_checks(checks: list[Check]) -> None:
    table = Table(title="Installation", title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.add_column("")
    table.add_column("what", no_wrap=True)
    table.add_column("found", overflow="fold")
    for check in checks:
        found = escape(check.found) + (f"\n[dim]fix: {escape(check.fix)}[/]" if check.fix else "")
        table.add_row(_MARK[check.standing], check.what, found)
    out().print(table)


def _print_coverage(coverage: LogCoverage) -> None:
    console = out()
    console.print()
    span = f", {coverage.first} to {coverage.last} UTC" if coverage.first else ""
    console.print(f"[bold]Log[/]  {coverage.exchanges:,} exchanges of {coverage.accounts:,} accounts{span}")
    for name, format_name, rows, rejected in coverage.files:
        bad = f", [red]{rejected:,} rejected[/]" if rejected else ""
        console.print(f"  {escape(name)}: {format_name}, {rows:,} exchanges{bad}")
    for reason, rows in list(coverage.rejected.items())[:_REASONS_SHOWN]:
        console.print(f"  [dim]{rows:,} × {escape(reason)}[/]")
    console.print()
    console.print(_field_table([row for row in coverage.fields if row.signals]))
    others = [
        f"{row.field} {_percent(row.share)}" for row in coverage.fields if not row.signals and row.share
    ]
    if others:
        console.print(f"[dim]also there, needed by no signal: {', '.join(others)}[/]")
    _print_silences(coverage.silent)


def _field_table(rows: list[FieldCoverage]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("field", no_wrap=True)
    table.add_column("present", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("needed by", overflow="fold")
    for row in sorted(rows, key=lambda r: -r.share):
        style = "red" if row.share == 0 else "yellow" if row.share < 0.5 else "green"
        bar = f"[{style}]{'█' * max(round(row.share * 10), row.share > 0):<10}[/]"
        present = _percent(row.share) if row.share else "-"
        table.add_row(row.field, present, bar, ", ".join(row.signals))
    return table


def _print_silences(silent: tuple[Silence, ...]) -> None:
    console = out()
    console.print()
    if not silent:
        console.print("[green]Every signal has the fields it needs.[/]")
        return
    console.print("[bold]What the missing fields cost[/]")
    for silence in silent:
        cost = "says nothing" if silence.wholly else "says less"
        console.print(f"  [yellow]{silence.signal}[/] {cost}: no {', '.join(silence.missing)}")


def _percent(share: float) -> str:
    """Round towards the middle, so that 100 % means all and 0 % means none."""
    if 0 < share < 0.01:
        return "<1%"
    return "99%" if 0.99 <= share < 1 else f"{share:.0%}"
