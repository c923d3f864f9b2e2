"""`stillwatch intents`: the request classifier, asked, examined and trained. One module a command."""

from __future__ import annotations

import typer

from stillwatch.cli.intents import evaluate, explain, replay, train

app = typer.Typer(
    help="What requests are after: explain a label, replay a decision, examine and train the classifier.",
    no_args_is_help=True,
)

app.command("explain", no_args_is_help=True)(explain.explain)
app.command("replay", no_args_is_help=True)(replay.replay)
app.command("evaluate")(evaluate.evaluate)
app.command("train")(train.train)
