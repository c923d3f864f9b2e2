"""`stillwatch intents train`: weights from the shipped lessons and a corpus of published prompts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.intents import arguments
from stillwatch.cli.terminal import say, set_loudness


def train(
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Where the weights go.")] = Path(
        "intents.npz"
    ),
    corpus: arguments.Corpus = None,
    each: arguments.Each = 12,
    seed: arguments.Seed = 1,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Train the classifier; what is held out for the exam is never read."""
    set_loudness(quiet, verbose)
    from stillwatch.intents.training import require_extra

    require_extra()
    from stillwatch.intents.model import save_model
    from stillwatch.intents.training.train import gather
    from stillwatch.intents.training.train import train as fit

    command = f"stillwatch intents train{' --corpus DIR' if corpus else ''} --each {each} --seed {seed}"
    model = fit(gather(corpus, each, seed), seed, {"command": command}, progress=say)
    version = save_model(model, out)
    for slug, figures in model.facts["at_the_cut"].items():
        if "recall" in figures:
            typer.echo(
                f"{slug:<24}{figures['recall']:>8.1%} recall at {figures['false_positives']:.3%} false positives, "
                f"{figures['positives']:,.0f} and {figures['negatives']:,.0f} samples, cross-fitted"
            )
        else:
            typer.echo(f"{slug:<24}never given: {figures['positives']:,.0f} positive samples are too few")
    typer.echo(f"{out}: version {version}, {out.stat().st_size:,} bytes")
    return ExitCode.OK
