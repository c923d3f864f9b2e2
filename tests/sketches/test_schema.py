"""The contract of the sketch: signed keys, no text beyond labels."""

from __future__ import annotations

import pyarrow as pa

from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from stillwatch.sketches.schema import SKETCH_SCHEMA


def test_keys_are_signed_numbers() -> None:
    for field in SKETCH_SCHEMA:
        if field.name.endswith("_key"):
            assert field.type == pa.int64(), field.name
        if pa.types.is_list(field.type):
            assert field.type.value_type == pa.int64(), field.name


def test_no_text_of_the_conversation_is_carried_over() -> None:
    strings = {f.name for f in SKETCH_SCHEMA if pa.types.is_string(f.type)}
    assert strings <= set(EXCHANGE_SCHEMA.names)
    assert not strings & {"system", "messages", "output", "reasoning", "ip", "user_agent"}
