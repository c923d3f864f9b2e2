from __future__ import annotations

import numpy as np

from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from stillwatch.ranges.render.habits import HabitColumns
from stillwatch.ranges.traffic.habits import Habit


def test_options_are_told_in_the_schemas_types_and_null_where_not_sent() -> None:
    known = [Habit(), Habit(temperature=0.0, tools=("a", "b"), n=2, stream=True)]
    found = HabitColumns(known).columns(np.array([1, 0, 1], np.int16))
    for name, values in found.items():
        assert values.type == EXCHANGE_SCHEMA.field(name).type
    assert found["temperature"].to_pylist() == [0.0, None, 0.0]
    assert found["tools"].to_pylist() == [["a", "b"], None, ["a", "b"]]
    assert found["stream"].to_pylist() == [True, False, True]
    assert found["n"].to_pylist() == [2, None, 2]
