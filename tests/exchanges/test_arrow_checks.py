"""The vectorised checks pass only what is regular; the readers' tests compare them with `validate`."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.exchanges.arrow_checks import instants, regular, with_source
from stillwatch.exchanges.convert import BadValueError, to_time
from stillwatch.exchanges.schema import EXCHANGE_FIELDS, EXCHANGE_SCHEMA, INSTANT, MESSAGES
from tests.exchanges import strange

INSTANTS = pa.array([datetime(2026, 11, 2, tzinfo=UTC)] * 2, INSTANT)


def columns(**said):
    return {"exchange_id": pa.array(["x", "y"]), "account_id": pa.array(["a", "b"]), "time": INSTANTS} | said


@given(
    st.lists(
        strange.times.filter(lambda t: isinstance(t, str) and t > "0002") | st.text(max_size=25), min_size=1
    )
)
def test_times_parse_all_at_once_as_they_do_one_by_one(texts):
    found = instants(pa.array(texts, pa.string()))
    if found is None:
        return
    for text, instant in zip(texts, found.to_pylist(), strict=True):
        try:
            assert to_time(text) == instant
        except BadValueError as error:  # the range is checked by `regular`
            assert "between 1970 and 2100" in str(error)


def test_regular_columns_come_in_schema_order_with_missing_labels_null():
    checked = regular(columns(model=pa.array(["unknown", "m"]), output=pa.array(["", "unknown"])), 2)
    assert checked is not None
    assert [c.type for c in checked] == [kind for _, kind in EXCHANGE_FIELDS]
    batch = with_source(checked, "f", pa.array([1, 2]))
    assert batch.schema == EXCHANGE_SCHEMA
    assert batch["model"].to_pylist() == [None, "m"]
    assert batch["output"].to_pylist() == [None, "unknown"]


@pytest.mark.parametrize(
    "irregular",
    [
        {"account_id": pa.array(["a", ""])},
        {"account_id": pa.nulls(2, pa.string())},
        {"time": pa.array([datetime(1960, 1, 1, tzinfo=UTC), None], INSTANT)},
        {"time": pa.array([datetime(2200, 1, 1, tzinfo=UTC), None], INSTANT)},
        {"temperature": pa.array([float("nan"), 1.0])},
        {"seed": None, "n": pa.array([-1, 1])},
        {"status": pa.array([0, 200])},
        {"messages": pa.array([[{"role": "system", "content": "x"}], None], MESSAGES)},
        {"messages": pa.array([[None], None], MESSAGES)},
        {"tools": pa.array([["a", None], None])},
    ],
    ids=lambda odd: "-".join(odd),
)
def test_irregular_rows_are_left_to_the_strict_path(irregular):
    assert regular(columns(**irregular), 2) is None
