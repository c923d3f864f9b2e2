"""Exchanges: readers, the canonical schema, validation and dead letters.

Every reader turns its source format into batches of `schema.EXCHANGE_SCHEMA`; nothing after this room sees
a source format.
"""

from stillwatch.exchanges.accounts import read_accounts
from stillwatch.exchanges.dead_letters import DeadLetters
from stillwatch.exchanges.decompress import Limits
from stillwatch.exchanges.errors import ReadError
from stillwatch.exchanges.read import FileCount, Progress, ReadLog, read_exchanges

__all__ = [
    "DeadLetters",
    "FileCount",
    "Limits",
    "Progress",
    "ReadError",
    "ReadLog",
    "read_accounts",
    "read_exchanges",
]
