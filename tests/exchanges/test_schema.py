"""The canonical schema: what the specification lists, in its order, in types that every engine knows."""

from __future__ import annotations

import pyarrow as pa

from stillwatch.exchanges.schema import (
    ACCOUNT_SCHEMA,
    EXCHANGE_FIELDS,
    EXCHANGE_SCHEMA,
    INSTANT,
    REQUIRED,
    SOURCE_FIELDS,
)


def test_required_fields_are_fields_and_times_are_instants():
    assert set(REQUIRED) < set(EXCHANGE_SCHEMA.names)
    for schema in (EXCHANGE_SCHEMA, ACCOUNT_SCHEMA):
        assert all(f.type == INSTANT for f in schema if pa.types.is_timestamp(f.type))


def test_the_source_fields_come_last_and_are_not_part_of_the_record():
    assert EXCHANGE_SCHEMA.names == [name for name, _ in (*EXCHANGE_FIELDS, *SOURCE_FIELDS)]
    assert len(set(EXCHANGE_SCHEMA.names)) == len(EXCHANGE_SCHEMA.names)


def test_integers_are_signed_since_spark_knows_no_others():
    assert not any(pa.types.is_unsigned_integer(field.type) for field in EXCHANGE_SCHEMA)
