"""Recognise the format of a source by its content."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.exchanges.errors import OptionError
from stillwatch.exchanges.reader import Reader
from stillwatch.exchanges.schema import EXCHANGE_SCHEMA
from stillwatch.exchanges.sources import FileSource

# In the order in which they are asked: the most particular first, the canonical record last, since any
# object may carry its fields too.
READER_MODULES: Mapping[str, str] = {
    "canonical-parquet": "canonical_parquet",
    "otlp": "otlp",
    "litellm-payload": "litellm_payload",
    "litellm-spend": "litellm_spend",
    "bedrock": "bedrock",
    "apim": "apim",
    "vertex": "vertex",
    "batches": "batches",
    "pairs": "pairs",
    "canonical-jsonl": "canonical_jsonl",
}


@cache
def reader_named(name: str) -> Reader:
    """Return the reader of a format. Raises OptionError for an unknown name."""
    module = READER_MODULES.get(name)
    if module is None:
        raise OptionError(f"--reader {name}: no such format; known are {', '.join(READER_MODULES)}")
    reader: Reader = importlib.import_module(f"stillwatch.exchanges.readers.{module}").READER
    return reader


def recognise(source: FileSource) -> Reader | None:
    """Return the reader that recognises a source, or None."""
    head = source.head()
    return next((r for r in map(reader_named, READER_MODULES) if r.recognises(head)), None)


def is_empty(source: FileSource) -> bool:
    """Tell whether there is nothing in the source but white space."""
    return not source.head().data.strip() and next(source.documents(), None) is None


def unrecognised(source: FileSource) -> str:
    """Say what was found in a source that no reader recognises, and what to do."""
    known = ", ".join(READER_MODULES)
    return f"no known log format: found {_found(source)}; known are {known}; name one with --reader"


def ignored_columns(source: FileSource, format: str) -> list[str]:
    """Names of the columns of a canonical file that are not of the schema, sorted; none for other formats."""
    if format == "canonical-jsonl":
        names = {str(key) for value in source.head().documents if isinstance(value, dict) for key in value}
    elif format == "canonical-parquet":
        try:
            names = set(pq.read_schema(source.path).names)
        except (pa.ArrowException, OSError, ValueError):  # damaged, which reading it will say
            return []
    else:
        return []
    return sorted(names - set(EXCHANGE_SCHEMA.names))


def _found(source: FileSource) -> str:
    head = source.head()
    if head.documents:
        first = head.documents[0]
        if not isinstance(first, dict):
            return f"JSON values of type {type(first).__name__}"
        keys = sorted(first)
        hint = (
            " (an accounts table? pass it with --accounts)"
            if "account_id" in first and "time" not in first
            else ""
        )
        return "JSON objects with the keys " + ", ".join(keys[:12]) + (", …" if len(keys) > 12 else "") + hint
    if b"\0" in head.data[:4096]:
        return "binary data"
    line = head.data.split(b"\n", 1)[0][:60].decode("utf-8", "replace")
    return f"text beginning {line!r}"
