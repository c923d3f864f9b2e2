"""Field coverage counts what is there, and says what is lost where it is not."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pytest

from stillwatch.campaigns.coverage import ANY_SUFFICES, FieldCount, Silence, field_coverage, silences
from stillwatch.exchanges.schema import ACCOUNT_SCHEMA, EXCHANGE_SCHEMA
from stillwatch.signals import COUNTER_SIGNALS, SIGNALS


@dataclass(frozen=True)
class Needing:
    """A signal that needs these fields."""

    name: str
    fields: tuple[str, ...]


def batch(*rows: dict[str, object]) -> pa.RecordBatch:
    """Return exchanges that hold just these values."""
    return pa.RecordBatch.from_pylist([{"account_id": "a"} | row for row in rows], schema=EXCHANGE_SCHEMA)


def counted(*batches: pa.RecordBatch) -> FieldCount:
    """Return the counts of these batches."""
    count = FieldCount()
    for each in batches:
        count.add(each)
    return count


def test_shares_are_of_all_rows_over_all_batches() -> None:
    count = counted(batch({"ip": "1.2.3.4"}, {}), batch({}, {"account_id": "b"}))
    assert count.share("ip") == 0.25
    assert count.share("account_id") == 1.0
    assert count.account_ids == {"a", "b"}


def test_an_empty_list_carries_nothing() -> None:
    count = counted(batch({"reasoning_ref": []}, {"reasoning_ref": ["x"]}))
    assert count.share("reasoning_ref") == 0.5


def test_nothing_read_is_nothing_present() -> None:
    assert FieldCount().share("ip") == 0.0


def test_a_signal_without_its_field_says_nothing() -> None:
    signals = [Needing("paired", ("messages", "output")), Needing("alone", ("ip",))]
    rows = field_coverage(counted(batch({"ip": "1.2.3.4", "output": "yes"})), None, signals)
    assert silences(rows, signals) == (Silence("paired", ("messages",), True),)


def test_a_signal_that_takes_what_there_is_only_says_less() -> None:
    name = min(ANY_SUFFICES)
    signals = [Needing(name, ("ja4", "sdk"))]
    one = field_coverage(counted(batch({"sdk": "x"})), None, signals)
    none = field_coverage(counted(batch({})), None, signals)
    assert silences(one, signals) == (Silence(name, ("ja4",), False),)
    assert silences(none, signals) == (Silence(name, ("ja4", "sdk"), True),)


def test_fields_of_the_accounts_table_are_missed_where_there_is_none() -> None:
    signals = [Needing("paid", ("payment_fp",))]
    without = field_coverage(counted(batch({})), None, signals)
    assert silences(without, signals) == (Silence("paid", ("payment_fp",), True),)
    table = pa.RecordBatch.from_pylist([{"account_id": "a", "payment_fp": "p"}], schema=ACCOUNT_SCHEMA)
    assert silences(field_coverage(counted(batch({})), counted(table), signals), signals) == ()


@pytest.mark.parametrize("signal", (*SIGNALS, *COUNTER_SIGNALS), ids=lambda s: s.name)
def test_every_signal_names_fields_that_exist(signal: Needing) -> None:
    known = {*EXCHANGE_SCHEMA.names, *ACCOUNT_SCHEMA.names}
    assert signal.fields
    assert set(signal.fields) <= known


def test_the_signals_that_take_what_there_is_exist() -> None:
    assert {signal.name for signal in (*SIGNALS, *COUNTER_SIGNALS)} >= ANY_SUFFICES
