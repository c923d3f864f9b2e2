"""The settings themselves: sizes, immutability, and a published schema that is current."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from stillwatch.settings import Settings, bytes_of


@pytest.mark.parametrize(
    ("size", "count"), [("4GB", 4 * 10**9), ("512MiB", 512 * 2**20), (" 1.5 kb ", 1500), ("0B", 0)]
)
def test_a_size_is_a_number_and_a_unit(size: str, count: int) -> None:
    assert bytes_of(size) == count


@given(st.text(max_size=10))
def test_anything_else_is_refused_and_never_crashes(text: str) -> None:
    try:
        assert bytes_of(text) >= 0
    except ValueError as error:
        assert "4GB" in str(error)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Settings().detection.min_accounts = 9  # type: ignore[misc]


def test_every_setting_is_described_and_has_an_example() -> None:
    for section in Settings.model_fields.values():
        for name, info in section.annotation.model_fields.items():  # type: ignore[union-attr]
            assert info.description, name
            assert info.examples, name
