"""`stillwatch profile`: what was learned of a deployment's population, and what moved. One module a command."""

from __future__ import annotations

import typer

from stillwatch.cli.profile import drift, learn, show

app = typer.Typer(
    help="What honest traffic is like: show the learned profile, say what moved, learn from a log.",
    no_args_is_help=True,
)

app.command("show")(show.show)
app.command("drift", no_args_is_help=True)(drift.drift)
app.command("learn", no_args_is_help=True)(learn.learn)
