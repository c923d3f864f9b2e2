"""Fitted parameters, one JSON file a subject; `about` in each names its sources, licences and command."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """Return the shipped table `name` ("rhythms", "burstiness", "lengths"); do not change what it holds.

    Raises FileNotFoundError for a name that is not shipped.
    """
    found: dict[str, Any] = json.loads(files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return found
