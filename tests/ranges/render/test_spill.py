from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.render import spill
from stillwatch.ranges.render.spill import Spill
from stillwatch.ranges.traffic.plan import joined
from tests.ranges.makers import asked


@contextmanager
def small(window: int, buffer: int) -> Iterator[None]:
    """Let windows and buffers be small for a while."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spill, "WINDOW", window)
        patch.setattr(spill, "_BUFFER", buffer)
        yield


times = st.lists(st.lists(st.floats(0, 99.9), max_size=20), max_size=8)


@given(times, st.integers(1, 40), st.integers(0, 30), st.integers(1, 90))
def test_every_row_comes_back_once_in_order_of_time(
    parts: list[list[float]], window: int, buffer: int, expected: int
) -> None:
    with small(window, buffer), TemporaryDirectory() as folder:
        held = Spill(Path(folder), 100.0, expected)
        number = 0
        for at in parts:
            plan = asked(len(at), time=at, uid=np.arange(number, number + len(at)))
            held.add(plan)
            number += len(at)
        rows = joined(*held.sorted())
        assert sorted(rows["uid"].tolist()) == list(range(number))
        assert sorted(zip(rows["time"], rows["uid"], strict=True)) == list(
            zip(rows["time"], rows["uid"], strict=True)
        )
        assert not list(Path(folder).iterdir())


def test_one_window_never_touches_the_disk(tmp_path: Path) -> None:
    held = Spill(tmp_path / "absent", 100.0, 10)
    held.add(asked(5))
    assert sum(len(w) for w in held.sorted()) == 5


def test_many_rows_go_through_several_files(tmp_path: Path) -> None:
    with small(10, 5):
        held = Spill(tmp_path, 6_000.0, 100)
        held.add(asked(100))
        assert held.windows == 10 and len(list(tmp_path.iterdir())) == 10
        assert [len(w) for w in held.sorted()] == [10] * 10
