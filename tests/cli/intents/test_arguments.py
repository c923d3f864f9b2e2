"""Weights that are named are used, and those that cannot be are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillwatch.cli.intents.arguments import model_of
from stillwatch.intents import ModelError, load_model, shipped_model

Run = Callable[..., Any]


def test_without_a_file_the_shipped_weights_are_meant() -> None:
    assert model_of(None) is shipped_model()


def test_the_file_named_is_read(weights: Path) -> None:
    assert model_of(weights).version == load_model(weights).version != shipped_model().version


def test_what_is_no_file_of_weights_is_told(tmp_path: Path, asked: Path, stillwatch: Run) -> None:
    (tmp_path / "no.npz").write_bytes(b"no weights")
    with pytest.raises(ModelError, match="train anew"):
        model_of(tmp_path / "no.npz")
    ran = stillwatch("intents", "explain", asked, "--weights", tmp_path / "no.npz")
    assert ran.code == 1 and "no.npz: no weights of the classifier" in ran.err
    ran = stillwatch("intents", "replay", asked, "--weights", tmp_path / "none.npz")
    assert ran.code == 1 and "none.npz: No such file" in ran.err


@pytest.mark.parametrize("words", [["--each", 0], ["--each", 1_001], ["--seed", "x"]])
@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_what_cannot_be_asked_is_a_usage_error(command: str, words: list[Any], stillwatch: Run) -> None:
    assert stillwatch("intents", command, *words).code == 2
