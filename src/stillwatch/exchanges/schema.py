"""The canonical exchange as an Arrow schema: one request to a model and its response, one row.

Missing is not zero: a field that the source does not carry is null. Only `exchange_id`, `time` and
`account_id` are required. Every stage after the readers sees batches of exactly `EXCHANGE_SCHEMA`.
"""

from __future__ import annotations

import pyarrow as pa

MESSAGES = pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))
LAYERS = pa.list_(
    pa.struct([("author", pa.string()), ("message", pa.int64()), ("start", pa.int64()), ("end", pa.int64())])
)
TOOL_CALLS = pa.list_(pa.struct([("name", pa.string()), ("arguments", pa.string())]))
INSTANT = pa.timestamp("us", tz="UTC")

_STRINGS = pa.list_(pa.string())

EXCHANGE_FIELDS: tuple[tuple[str, pa.DataType], ...] = (
    ("exchange_id", pa.string()),
    ("time", INSTANT),
    ("duration_ms", pa.float64()),
    ("ttft_ms", pa.float64()),
    ("account_id", pa.string()),
    ("org_id", pa.string()),
    ("project_id", pa.string()),
    ("key_id", pa.string()),
    ("end_user_id", pa.string()),
    ("session_id", pa.string()),
    ("platform", pa.string()),
    ("api", pa.string()),
    ("model", pa.string()),
    ("model_served", pa.string()),
    ("system", pa.string()),
    ("messages", MESSAGES),
    ("layers", LAYERS),
    ("response_id", pa.string()),
    ("previous_response_id", pa.string()),
    ("tools", _STRINGS),
    ("tools_hash", pa.string()),
    ("temperature", pa.float64()),
    ("top_p", pa.float64()),
    ("max_tokens", pa.int64()),
    ("n", pa.int64()),
    ("seed", pa.int64()),
    ("logprobs", pa.bool_()),
    ("stream", pa.bool_()),
    ("response_format", pa.string()),
    ("reasoning_effort", pa.string()),
    ("output", pa.string()),
    ("reasoning", pa.string()),
    ("reasoning_ref", _STRINGS),
    ("reasoning_issued", _STRINGS),
    ("tool_calls", TOOL_CALLS),
    ("finish_reason", pa.string()),
    ("refusal_category", pa.string()),
    ("status", pa.int64()),
    ("error_type", pa.string()),
    ("input_tokens", pa.int64()),
    ("output_tokens", pa.int64()),
    ("reasoning_tokens", pa.int64()),
    ("cache_read_tokens", pa.int64()),
    ("ip", pa.string()),
    ("asn", pa.int64()),
    ("country", pa.string()),
    ("ip_class", pa.string()),
    ("user_agent", pa.string()),
    ("sdk", pa.string()),
    ("ja4", pa.string()),
    ("header_hash", pa.string()),
    ("conn_id", pa.string()),
    ("device_id", pa.string()),
)

REQUIRED = ("exchange_id", "time", "account_id")

# Where the row came from; carried beside the exchange so that a later stage can still name file and line.
SOURCE_FIELDS: tuple[tuple[str, pa.DataType], ...] = (
    ("source_file", pa.string()),
    ("source_line", pa.int64()),
)

EXCHANGE_SCHEMA = pa.schema([*EXCHANGE_FIELDS, *SOURCE_FIELDS])

ACCOUNT_SCHEMA = pa.schema(
    [
        ("account_id", pa.string()),
        ("org_id", pa.string()),
        ("created_at", INSTANT),
        ("plan", pa.string()),
        ("programme", pa.string()),
        ("payment_fp", pa.string()),
        ("email_domain", pa.string()),
        ("email_fp", pa.string()),
        ("phone_fp", pa.string()),
        ("signup_ip", pa.string()),
        ("country", pa.string()),
        ("verification", pa.string()),
        ("status", pa.string()),
        ("status_at", INSTANT),
        ("declared_use", pa.string()),
        ("distillation_permitted", pa.bool_()),
    ]
)
