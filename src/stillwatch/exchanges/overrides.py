"""`--map FIELD=PATH` and `--set FIELD=VALUE`: take a column from elsewhere in the source, or give a constant.

Both override what the reader found. A path is dotted, with `[i]` for list elements (negative from the end)
and `["a.b"]` for names with dots in them, and starts at the source document: a line, or an array element.
A path that leads nowhere in some document means that the field is missing there, never another value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stillwatch.exchanges.convert import BadValueError
from stillwatch.exchanges.errors import OptionError
from stillwatch.exchanges.schema import EXCHANGE_SCHEMA, SOURCE_FIELDS
from stillwatch.exchanges.validate import CONVERTERS, NOT_NEGATIVE

Path = tuple[str | int, ...]

_STEP = re.compile(r"""\.?([^.\[\]"]+)|\[(-?\d+)\]|\.?\["((?:[^"\\]|\\.)*)"\]""")


def parse_path(text: str) -> Path:
    """Parse a path such as `request.body.messages[0]["x.y"]`. Raises OptionError."""
    steps: list[str | int] = []
    position = 0
    while position < len(text):
        step = _STEP.match(text, position)
        if step is None:
            raise OptionError(
                f"--map: cannot read the path {text!r} at character {position}; write names with dots, "
                'list elements as [0], names with dots as ["a.b"]'
            )
        name, index, quoted = step.groups()
        steps.append(int(index) if index is not None else name if name is not None else quoted)
        position = step.end()
    if not steps:
        raise OptionError("--map: the path is empty; write FIELD=PATH, such as account_id=user.id")
    return tuple(steps)


def value_at(document: Any, path: Path) -> Any:
    """Follow a path into a decoded JSON value; None if it leads nowhere."""
    value = document
    for step in path:
        if isinstance(step, int):
            if not isinstance(value, list) or not -len(value) <= step < len(value):
                return None
            value = value[step]
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value


@dataclass(frozen=True, slots=True)
class Overrides:
    """Parsed `--map` and `--set`; false if there are none."""

    paths: Mapping[str, Path] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.paths or self.constants)

    def apply(self, record: dict[str, Any], document: Any) -> dict[str, Any]:
        """Return the record with its overridden fields replaced."""
        found = {name: value_at(document, path) for name, path in self.paths.items()}
        return {**record, **found, **self.constants}


def parse_overrides(mapping: Mapping[str, str] | None, constants: Mapping[str, Any] | None) -> Overrides:
    """Check the fields and parse paths and constants; constants may be text, as from the command line.

    Raises OptionError for a field that the schema does not have, a bad path, or a value of the wrong type.
    """
    paths = {_known("--map", name): parse_path(path) for name, path in (mapping or {}).items()}
    typed = {_known("--set", name): _typed(name, value) for name, value in (constants or {}).items()}
    both = paths.keys() & typed.keys()
    if both:
        raise OptionError(f"{min(both)}: given by --map and by --set; keep one of them")
    return Overrides(paths, typed)


def _known(option: str, name: str) -> str:
    source = {n for n, _ in SOURCE_FIELDS}
    if name not in EXCHANGE_SCHEMA.names or name in source:
        names = ", ".join(n for n in EXCHANGE_SCHEMA.names if n not in source)
        raise OptionError(f"{option} {name}: no such field; the fields are {names}")
    return name


def _typed(name: str, value: Any) -> Any:
    try:
        typed = CONVERTERS[name](value)
    except BadValueError as error:
        raise OptionError(f"--set {name}={value}: {error}") from None
    if typed is None and name in NOT_NEGATIVE:
        raise OptionError(f"--set {name}={value}: this value means missing; leave the option out")
    return typed
