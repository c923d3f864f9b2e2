from __future__ import annotations

import ast
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges import programs


@given(st.integers(0, 2**32))
def test_functions_are_python(seed: int) -> None:
    ast.parse(programs.function(Random(seed)))


def test_tasks_and_results_vary() -> None:
    rng = Random(2)
    assert len({programs.task(rng) for _ in range(100)}) > 80
    assert len({programs.tool_result(rng) for _ in range(100)}) == 100
    assert len({programs.change(rng) for _ in range(100)}) == 100
    assert programs.path(rng).endswith(".py")
    assert programs.fault(rng)
