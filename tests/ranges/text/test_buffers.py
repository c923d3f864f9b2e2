"""A buffer grows as rows ask for it, up to what Arrow can count."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.ranges.text import buffers
from stillwatch.ranges.text.memory import SLACK


def writer(size: int, rows: int):
    """Return a writer of rows of one size, each a byte that is its number."""

    def write(out: np.ndarray, row: int, at: int) -> tuple[int, int]:
        while row < rows and at + size + SLACK <= out.size:
            out[at : at + size] = row
            row, at = row + 1, at + size
        return row, at

    return write


@pytest.mark.parametrize("size", [1, 100_000, 3 * buffers.FIRST])
def test_every_row_is_written_once(size: int) -> None:
    out, used = buffers.fill(20, writer(size, 20))
    assert used == 20 * size
    assert (out[:used].reshape(20, size) == np.arange(20)[:, None]).all()


def test_more_than_arrow_can_count_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buffers, "LIMIT", 1 << 20)
    with pytest.raises(ValueError, match="over 2 GiB: render fewer rows"):
        buffers.fill(20, writer(100_000, 20))


def test_rows_that_are_not_there_are_null() -> None:
    out = np.frombuffer(b"abc....", np.uint8)
    made = buffers.strings(out, 3, np.array([0, 2, 2, 3], np.int32), np.array([True, False, True]))
    made.validate(full=True)
    assert made.to_pylist() == ["ab", None, "c"]
