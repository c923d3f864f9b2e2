"""`stillwatch range`: labelled traffic made, scanned and held against the truth. One module a command."""

from __future__ import annotations

import typer

from stillwatch.cli.plant import plant
from stillwatch.cli.ranges import baselines, build, ladder, leak, null, score

app = typer.Typer(
    help="Labelled traffic: build it, score a scan of it, and try the promises.", no_args_is_help=True
)

app.command("build")(build.build)
app.command("plant", no_args_is_help=True)(plant)
app.command("score", no_args_is_help=True)(score.score)
app.command("leak", no_args_is_help=True)(leak.leak)
app.command("null")(null.null)
app.command("ladder")(ladder.ladder)
app.command("baselines", no_args_is_help=True)(baselines.baselines)
