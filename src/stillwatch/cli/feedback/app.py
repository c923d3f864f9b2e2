"""`stillwatch feedback`: what people say of findings, kept and made use of. One module a command."""

from __future__ import annotations

import typer

from stillwatch.cli.feedback import calibrate, check, give, ledger, retract

app = typer.Typer(
    help="Verdicts of analysts and appeals: say, list and take back; calibrate priors, check fixtures.",
    no_args_is_help=True,
)

app.command("add", no_args_is_help=True)(give.add)
app.command("list")(ledger.list_entries)
app.command("show", no_args_is_help=True)(ledger.show)
app.command("retract", no_args_is_help=True)(retract.retract)
app.command("calibrate")(calibrate.calibrate)
app.command("check")(check.check)
