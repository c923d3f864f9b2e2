"""Files of the state folder: written whole or not at all, flushed, readable by their owner only."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from stillwatch.feedback.errors import FeedbackError


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a place to write to beside `path`; it takes the place of `path` when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    os.close(handle)
    part = Path(name)
    try:
        yield part
        flush(part)
        part.replace(path)
        flush(path.parent)
    finally:
        part.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Flush a file, or the names in a folder, to the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def write_json(path: Path, value: Any) -> None:
    """Write a value as JSON, whole or not at all."""
    with whole_file(path) as part:
        part.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def read_json(path: Path, fix: str) -> dict[str, Any]:
    """Return the object in a JSON file. Raises FeedbackError where it holds none, with `fix`."""
    try:
        value = orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        raise FeedbackError(f"{path}:{error.lineno}: not JSON: {error.msg}\n  fix: {fix}") from error
    if not isinstance(value, dict):
        raise FeedbackError(f"{path}: expected an object, got {type(value).__name__}\n  fix: {fix}")
    return value
