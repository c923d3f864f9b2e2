"""A score as JSON: every field and every derived figure, keys sorted, the same bytes for the same score."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from stillwatch.ranges.scoring.shares import Share


def as_json(value: Any) -> str:
    """Return a score (or any of its parts) as JSON text with sorted keys, ending in a newline.

    A share becomes {hits, of, share, low, high}; what cannot be divided is null.
    """
    return json.dumps(record(value), indent=2, sort_keys=True, allow_nan=False, ensure_ascii=False) + "\n"


def record(value: Any) -> Any:
    """Return a value in JSON's types: of a dataclass its fields and its properties."""
    if isinstance(value, Share):
        return {name: record(inner) for name, inner in value.record().items()}
    if is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in fields(value)]
        names += [name for name, kind in vars(type(value)).items() if isinstance(kind, property)]
        return {name: record(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): record(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [record(inner) for inner in value]
    if isinstance(value, float):  # the last bits depend on how many threads added it up
        return float(f"{value:.12g}")
    return value
