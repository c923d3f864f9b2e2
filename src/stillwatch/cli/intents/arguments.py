"""Options that several commands of `stillwatch intents` take."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from stillwatch.intents import Model

Weights = Annotated[
    Path | None,
    typer.Option(
        "--weights",
        metavar="FILE",
        help="Weights of `train` (default: the shipped ones).",
        show_default=False,
    ),
]
Corpus = Annotated[
    Path | None,
    typer.Option(
        "--corpus", metavar="DIR", help="A folder of published prompts (.jsonl.zst).", show_default=False
    ),
]
Each = Annotated[
    int, typer.Option("--each", metavar="N", min=1, max=1000, help="Renderings of every template.")
]
Seed = Annotated[int, typer.Option("--seed", metavar="N", help="Other fillings of the same templates.")]


def model_of(weights: Path | None) -> Model:
    """Return the weights named, or the shipped ones. Raises ModelError where they cannot be used."""
    from stillwatch.intents import load_model, shipped_model

    return load_model(weights) if weights is not None else shipped_model()
