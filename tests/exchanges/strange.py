"""Hypothesis strategies of rows as careless writers write them: nearly right, or wrong in one place."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from stillwatch.exchanges.schema import EXCHANGE_FIELDS
from tests.exchanges.makers import exchange

FIELDS = [field for field, _ in EXCHANGE_FIELDS]

times = st.sampled_from(
    [
        "2026-11-02T12:00:00Z",
        "2026-11-02 12:00:00.123+05:30",
        "2026-11-02T12:00:00.123456789Z",
        "2026-11-02t12:00:00z",
        "2026-11-02T12:00:00",
        "2026-11-02",
        "2026-02-30T12:00:00Z",
        "2026-11-02T12:00:60Z",
        "2026-11-02T24:00:00Z",
        "2026-11-02T12:00:00-24:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59Z",
        1793620800,
        1793620800.25,
        1793620800000,
        "1793620800",
        -1,
        None,
    ]
)
odd_values = st.sampled_from(
    [
        None, "", "unknown", "UNKNOWN", "x", "\ud83d", "a\u0000b", 0, -1, 1, 1.0, 1.5, -0.0, 1e308,
        2**62, 2**63, 2**64, 10**30, "12", "1.5", True, False, "true", [], {}, [None], [""], ["a"], [1],
        [{"role": "user", "content": "x"}], [{"role": "system", "content": "x"}], [{"role": "user"}],
        [{"role": None, "content": ""}], [{"role": "user", "content": [{"type": "text", "text": "x"}]}],
        [{"name": "f", "arguments": "{}"}], [{"name": None}],
        [{"author": "user", "message": 0, "start": 0, "end": 1}],
        [{"author": "unknown"}], float("nan"), float("inf"), {"a": 1}, "ünï", "漢字",
    ]
)  # fmt: skip


@st.composite
def rows(draw: st.DrawFn) -> dict[str, Any]:
    """A plausible exchange with a few fields replaced by odd values."""
    row = exchange(exchange_id=draw(st.sampled_from(["x1", "x2", "x3"])), time=draw(times))
    row.update(draw(st.dictionaries(st.sampled_from([*FIELDS, "extra"]), odd_values, max_size=3)))
    return row


@st.composite
def lines(draw: st.DrawFn) -> bytes:
    """One line: mostly a row, sometimes one with bytes cut out or put in, or something else."""
    line = json.dumps(draw(rows()), ensure_ascii=draw(st.booleans())).encode("utf-8", "surrogatepass")
    what = draw(st.integers(0, 9))
    if what == 0:
        cut = draw(st.integers(0, len(line)))
        return line[:cut] + draw(st.binary(max_size=2)) + line[cut + draw(st.integers(0, 3)) :]
    if what == 1:
        return draw(
            st.sampled_from([b"", b"  ", b"{}", b"[]", b"null", b"17", b"{}{}", line + line, line + b"\r"])
        )
    return line
