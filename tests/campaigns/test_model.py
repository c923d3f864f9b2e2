"""What a scan returns is typed, ordered by seriousness, and cannot be changed afterwards."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import get_args

import pytest

from stillwatch.campaigns import model
from stillwatch.report.results import campaigns_schema
from tests.report import makers


def test_the_lists_are_the_types_and_run_from_the_gravest_and_from_the_weakest() -> None:
    assert get_args(model.Verdict) == model.VERDICTS
    assert get_args(model.Confidence) == model.CONFIDENCES
    assert model.VERDICTS[0] == "distillation_campaign" and model.CONFIDENCES[0] == "suspected"


def test_the_published_schema_knows_the_same_words() -> None:
    text = str(campaigns_schema())
    words = (*model.VERDICTS, *model.CONFIDENCES, *get_args(model.Action))
    assert [word for word in words if f"'{word}'" not in text] == []


def test_a_result_cannot_be_changed() -> None:
    result = makers.result()
    with pytest.raises(FrozenInstanceError):
        result.campaigns[0].verdict = "related_accounts"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        result.campaigns = ()  # type: ignore[misc]
