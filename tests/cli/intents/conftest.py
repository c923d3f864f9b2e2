"""Weights and a log that every command can be tried on: whoever writes "gift" wants a trace, "über" a picture."""

from __future__ import annotations

from pathlib import Path

import pytest

from stillwatch.intents.labels import Label
from stillwatch.intents.model import save_model
from tests.cli.makers import exchange, log
from tests.intents import makers

GIFT, GIFT_DE, OVER = 5, 6, 7  # concepts of the small lexicon
GIVEN = {
    (GIFT, Label.REASONING_ELICITATION): 50,
    (GIFT_DE, Label.REASONING_ELICITATION): 50,
    (OVER, Label.VISION): 40,
}


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """Return a file of small weights."""
    model = makers.model(GIVEN, {Label.REASONING_ELICITATION: 10, Label.VISION: 10})
    save_model(model, tmp_path / "small.npz")
    return tmp_path / "small.npz"


@pytest.fixture
def other_weights(tmp_path: Path) -> Path:
    """Return a file of weights that give nothing."""
    save_model(makers.model({}, {}), tmp_path / "other.npz")
    return tmp_path / "other.npz"


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    """Return a log of five exchanges: one wants a trace, one a picture by its operator, the others nothing."""

    def said(text: str) -> list[dict[str, str]]:
        return [{"role": "user", "content": text}]

    rows = [
        exchange(0, messages=said("Good day. Wrap the gift, please. Thank you.")),
        exchange(1, messages=said("Good day.")),
        exchange(2, messages=said("So?"), system="Write über alles."),
        exchange(3, messages=said("Good day again.")),
        exchange(4, messages=said("Good night.")),
    ]
    return log(tmp_path / "log.jsonl", rows)
