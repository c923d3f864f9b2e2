"""What of an exchange is kept: system text, last user turn, answer. Columns in, columns out."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.exchanges.schema import INSTANT, MESSAGES

KEPT_SCHEMA = pa.schema(
    [
        ("exchange_key", pa.int64()),  # the sketch's key of exchange_id, under the secret of the scan
        ("exchange_id", pa.string()),
        ("account_id", pa.string()),
        ("time", INSTANT),
        ("system", pa.string()),
        ("user", pa.string()),  # last user turn
        ("output", pa.string()),
    ]
)


def last_user_turn(messages: pa.Array) -> pa.Array:
    """Return the content of each row's last user turn, string (n,); null where there is none."""
    messages = messages.cast(MESSAGES)
    turns = messages.flatten()
    row = pc.list_parent_indices(messages).to_numpy(zero_copy_only=False)
    role, content = turns.flatten()  # with the struct's own offset and nulls
    asked = np.flatnonzero(pc.fill_null(pc.equal(role, "user"), False).to_numpy(zero_copy_only=False))
    last = np.full(len(messages), -1, dtype=np.int64)
    np.maximum.at(last, row[asked], asked)
    return content.take(pa.array(last, mask=last < 0))


def kept_columns(batch: pa.RecordBatch, keys: pa.Array) -> pa.Table:
    """Return rows of KEPT_SCHEMA for exchanges and their `exchange_key`, int64 (n,)."""
    columns = {
        "exchange_key": keys,
        "user": last_user_turn(batch.column("messages")),
        "output": batch.column("output"),
    }
    columns |= {name: batch.column(name) for name in ("exchange_id", "account_id", "time", "system")}
    return pa.table([columns[name] for name in KEPT_SCHEMA.names], schema=KEPT_SCHEMA)
