"""An evidence row can be written down as it is, and cannot be changed afterwards."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.evidence.row import AXES, Evidence


def row(log10_e: float = 1.23456) -> Evidence:
    return Evidence(
        signal="one_queue",
        axis="coordination",
        block="content",
        log10_e=log10_e,
        null="n",
        observed="o",
        expected="x",
        n=3,
        fields=("messages", "output"),
        summary="s",
    )


@given(st.floats(-300, 300))
def test_a_row_survives_json(log10_e: float) -> None:
    said = row(log10_e).as_dict()
    assert json.loads(json.dumps(said)) == said
    assert said["log10_e"] == pytest.approx(log10_e, abs=5e-5)


def test_a_row_is_written_with_every_field_of_its_own() -> None:
    assert list(row().as_dict()) == [field.name for field in fields(Evidence)]
    assert row().as_dict()["fields"] == ["messages", "output"]


def test_a_row_does_not_change() -> None:
    with pytest.raises(FrozenInstanceError):
        row().log10_e = 9.0  # type: ignore[misc]


def test_the_axes_are_the_three_a_campaign_needs() -> None:
    assert set(AXES) == {"coordination", "extraction", "evasion"}
