"""The command line: `stillwatch COMMAND`. Each command is a thin layer over the Python API."""

from __future__ import annotations

from typing import Annotated

import typer

from stillwatch.cli import config, demo, doctor, explain, ingest, scan, state, text
from stillwatch.cli.feedback.app import app as feedback_app
from stillwatch.cli.intents.app import app as intents_app
from stillwatch.cli.profile.app import app as profile_app
from stillwatch.cli.ranges.app import app as range_app
from stillwatch.version import __version__

app = typer.Typer(
    name="stillwatch",
    help="Find distillation campaigns in the traffic of a language-model API, and say why.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 ok, 1 error, 2 usage, 3 findings, 4 too many bad rows, 5 a fixture fails, 130 interrupted.",
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stillwatch {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, metavar="", help="Print the version and leave."
        ),
    ] = False,
) -> None:
    pass


app.command("scan", no_args_is_help=True)(scan.scan)
app.command("explain", no_args_is_help=True)(explain.explain)
app.command("ingest", no_args_is_help=True)(ingest.ingest)
app.command("doctor")(doctor.doctor)
app.command("demo")(demo.demo)
app.add_typer(config.app, name="config")
app.add_typer(text.app, name="text")
app.add_typer(state.app, name="state")
app.add_typer(feedback_app, name="feedback")
app.add_typer(intents_app, name="intents")
app.add_typer(profile_app, name="profile")
app.add_typer(range_app, name="range")
