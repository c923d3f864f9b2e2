"""The sketch of an exchange: what it looked like, as numbers. No stage after this one needs text.

Keys are signed 64-bit integers (Spark has no unsigned type) from keyed hashes; null where the source
field is missing. Lists of keys are never null: empty where there is nothing to sketch.
"""

from __future__ import annotations

import pyarrow as pa

KEY = pa.int64()
KEYS = pa.list_(pa.int64())

SKETCH_SCHEMA = pa.schema(
    [
        # what happened, carried over from the exchange
        ("exchange_id", pa.string()),
        ("time", pa.timestamp("us", tz="UTC")),
        ("duration_ms", pa.float64()),
        ("account_id", pa.string()),
        ("org_id", pa.string()),
        ("platform", pa.string()),
        ("api", pa.string()),
        ("model", pa.string()),
        ("status", pa.int32()),
        ("finish_reason", pa.string()),
        ("error_type", pa.string()),
        ("refusal_category", pa.string()),
        ("ip_class", pa.string()),
        ("input_tokens", pa.int64()),
        ("output_tokens", pa.int64()),
        ("reasoning_tokens", pa.int64()),
        ("max_tokens", pa.int64()),
        ("n", pa.int64()),
        ("temperature", pa.float64()),
        # identity
        ("exchange_key", KEY),  # of exchange_id
        ("account_key", KEY),  # of account_id
        # artefacts of client and network
        ("key_key", KEY),  # API key
        ("end_user_key", KEY),
        ("session_key", KEY),
        ("ip_key", KEY),
        ("prefix_key", KEY),  # IPv4 /24, IPv6 /48
        ("asn_key", KEY),
        ("conn_key", KEY),
        ("device_key", KEY),
        ("ja4_key", KEY),
        ("header_key", KEY),
        ("agent_key", KEY),  # user_agent
        ("sdk_key", KEY),
        ("client_key", KEY),  # ja4, header_hash, user_agent and sdk together; null when all four are
        # the request's text
        ("system_key", KEY),  # exact, after normalisation
        ("tools_key", KEY),  # tools_hash, else the names offered
        ("format_key", KEY),  # response_format
        ("params_key", KEY),  # temperature, top_p, max_tokens, n, seed present?, reasoning_effort
        ("content_key", KEY),  # last user turn
        ("first_turn_key", KEY),  # first user turn
        ("conversation_key", KEY),  # system and every turn before the last user turn, chained
        ("prefix_keys", KEYS),  # chained keys after each turn as sent, oldest first
        ("system_shingles", KEYS),
        ("user_shingles", KEYS),  # of the last user turn
        ("history_keys", KEYS),  # exact key of each assistant turn presented (short ones left out)
        ("quoted_marks", KEYS),  # marks of user and tool turns: what could be another's answer
        # the response's text
        ("output_key", KEY),  # exact; null when shorter than MIN_ANSWER characters
        ("output_marks", KEYS),
        ("output_skeleton", KEY),  # outline of the answer: JSON keys, headings, list shape, tags
        ("reasoning_refs", KEYS),
        ("reasoning_issues", KEYS),
        # shape
        ("turns", pa.int32()),  # user turns
        ("messages", pa.int32()),
        ("system_chars", pa.int32()),
        ("user_chars", pa.int32()),  # last user turn
        ("request_chars", pa.int32()),  # system and all turns
        ("output_chars", pa.int32()),
        ("output_words", pa.int32()),
        ("reasoning_chars", pa.int32()),
        ("tool_calls", pa.int32()),
        ("script", pa.int8()),  # dominant script of the last user turn, see sketches.scripts
        ("output_script", pa.int8()),
        ("code_share", pa.float32()),  # 0..1, of the last user turn
        ("echo_share", pa.float32()),  # 0..1, share of the output's marks that the request contained
        ("asked_logprobs", pa.bool_()),
        ("tools_offered", pa.int32()),
        ("intents", pa.int64()),  # what the request is after, as bits; null where nobody looked
        ("source_file", pa.string()),
        ("source_line", pa.int64()),
    ]
)
