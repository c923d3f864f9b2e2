"""The spill: plans arrive by kind of traffic and leave in order of time, through files where they are many."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from stillwatch.ranges.traffic.plan import PLAN, Plan, joined

WINDOW: Final = 300_000  # rows a window of time should hold about: 60 MB of plan
_BUFFER: Final = 400_000  # rows kept in memory before they go to the files


class Spill:
    """Rows of a plan by window of time. With one window nothing touches the disk."""

    def __init__(self, folder: Path, span: float, expected: int) -> None:
        self.windows = max(1, -(-expected // WINDOW))
        self._folder, self._width = folder, span / self.windows
        self._held: list[Plan] = []
        self._size = 0

    def add(self, plan: Plan) -> None:
        """Take rows in any order."""
        self._held.append(plan)
        self._size += len(plan)
        if self.windows > 1 and self._size > _BUFFER:
            self._flush()

    def _flush(self) -> None:
        rows = joined(*self._held)
        self._held, self._size = [], 0
        window = np.minimum((rows["time"] / self._width).astype(np.int64), self.windows - 1)
        order = np.argsort(window, kind="stable")
        rows, window = rows[order], window[order]
        edges = np.searchsorted(window, np.arange(self.windows + 1))
        for number in range(self.windows):
            part = rows[edges[number] : edges[number + 1]]
            if len(part):
                with self._path(number).open("ab") as file:
                    part.tofile(file)

    def _path(self, number: int) -> Path:
        return self._folder / f"window-{number:05}.plan"

    def sorted(self) -> Iterator[Plan]:
        """Yield the rows window by window, in order of time (ties by id); the spill is used up by it."""
        if self.windows == 1:
            rows, self._held = joined(*self._held), []
            yield rows[np.lexsort((rows["uid"], rows["time"]))]
            return
        self._flush()
        for number in range(self.windows):
            path = self._path(number)
            if path.exists():
                rows = np.fromfile(path, PLAN)
                path.unlink()
                yield rows[np.lexsort((rows["uid"], rows["time"]))]
