"""The options of requests as columns: one small table of habits, taken from by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from stillwatch.exchanges.schema import EXCHANGE_FIELDS
from stillwatch.ranges.traffic.habits import Habit

_TYPES = dict(EXCHANGE_FIELDS)
_FIELDS = (
    "temperature", "top_p", "max_tokens", "n", "stream", "response_format", "reasoning_effort", "tools", "tools_hash",
)  # fmt: skip


class HabitColumns:
    """Fields of all habits, as Arrow arrays."""

    def __init__(self, habits: Sequence[Habit]) -> None:
        self._known = {
            name: pa.array([_value(getattr(h, name)) for h in habits], _TYPES[name]) for name in _FIELDS
        }

    def columns(self, numbers: NDArray[np.int16]) -> dict[str, Any]:
        """Return the fields for each habit's number."""
        index = pa.array(numbers)
        return {name: values.take(index) for name, values in self._known.items()}


def _value(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
