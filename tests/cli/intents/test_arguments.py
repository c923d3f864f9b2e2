"""Options of several commands: weights are the shipped ones unless named; renderings have a range."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stillwatch.cli.intents.arguments import model_of
from stillwatch.intents import ModelError, shipped_model, training
from tests.cli.intents import gifts, two, weights

Run = Callable[..., Any]


def test_without_a_file_the_weights_are_those_that_come_along() -> None:
    assert model_of(None) is shipped_model()


def test_a_file_of_weights_is_used_instead(tmp_path: Path) -> None:
    found, own = model_of(weights(tmp_path)), gifts()
    assert np.array_equal(found.weights, own.weights)
    assert np.array_equal(found.cuts, own.cuts)
    assert found.version not in ("", shipped_model().version)


def test_a_file_that_holds_no_weights_is_told_by_its_name(tmp_path: Path) -> None:
    broken = tmp_path / "broken.npz"
    broken.write_bytes(weights(tmp_path).read_bytes()[:-100])
    with pytest.raises(ModelError, match=r"broken\.npz.*train anew"):
        model_of(broken)


@pytest.mark.parametrize("command", ["explain", "replay", "evaluate"])
def test_a_command_without_usable_weights_leaves_with_one_line(
    stillwatch: Run, tmp_path: Path, command: str
) -> None:
    needed = [] if command == "evaluate" else [two(tmp_path)]
    broken = tmp_path / "broken.npz"
    broken.write_text("no weights")
    ran = stillwatch("intents", command, *needed, "--weights", broken)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"error: {broken}: no weights of the classifier") and "Traceback" not in ran.err
    absent = tmp_path / "absent.npz"
    ran = stillwatch("intents", command, *needed, "--weights", absent)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"error: {absent}: ")


def _begun() -> None:
    raise AssertionError("the work has begun")


@pytest.mark.parametrize("command", ["train", "evaluate"])
@pytest.mark.parametrize("words", [("--each", 0), ("--each", 1001), ("--each", "many"), ("--seed", "x")])
def test_what_is_no_number_of_renderings_or_seed_is_a_usage_error(
    stillwatch: Run, command: str, words: tuple[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "require_extra", _begun)
    ran = stillwatch("intents", command, *words)
    assert ran.code == 2
    assert words[0] in ran.err and f"stillwatch intents {command} --help" in ran.err
