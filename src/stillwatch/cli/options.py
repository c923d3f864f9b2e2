"""Options that several commands share, said once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

Format = Literal["table", "json"]
Level = Literal["suspected", "consistent_with", "likely", "high"]

Logs = Annotated[
    list[str],
    typer.Argument(
        metavar="LOGS",
        help="Files, directories or globs (.gz and .zst too); - is standard input.",
        show_default=False,
    ),
]
OutDir = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="DIR", help="Where the results are written.", show_default=False),
]
Secret = Annotated[
    Path | None,
    typer.Option(
        "--secret", metavar="FILE", help="The deployment's secret; made where absent.", show_default=False
    ),
]
State = Annotated[
    Path | None,
    typer.Option(
        "--state",
        metavar="DIR",
        help="What one scan leaves for the next, such as campaign ids.",
        show_default=False,
    ),
]
OutputFormat = Annotated[
    Format | None,
    typer.Option(
        "--format", metavar="KIND", help="Standard output: table (default) or json.", show_default=False
    ),
]
FailOn = Annotated[
    Level | None,
    typer.Option(
        "--fail-on",
        metavar="LEVEL",
        help="Leave with code 3 from suspected, consistent_with, likely or high on.",
        show_default=False,
    ),
]
MemoryLimit = Annotated[
    str | None,
    typer.Option(
        "--memory-limit",
        metavar="SIZE",
        help="Memory to hold, such as 2GB (default 4GB, at least 1GB).",
        show_default=False,
    ),
]
KeepText = Annotated[
    int | None,
    typer.Option(
        "--keep-text",
        metavar="DAYS",
        help="Days that text may be kept (default 0: none).",
        show_default=False,
    ),
]

ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        envvar="STILLWATCH_CONFIG",
        metavar="FILE",
        help="Configuration file (YAML); without it, the defaults.",
        show_default=False,
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", metavar="", help="Print results and errors only.")]
Verbose = Annotated[
    int,
    typer.Option(
        "--verbose",
        "-v",
        count=True,
        metavar="",
        help="Log lines on standard error (-vv: more, and tracebacks).",
        show_default=False,
    ),
]
NoProgress = Annotated[bool, typer.Option("--no-progress", metavar="", help="No progress bars.")]
Accounts = Annotated[
    Path | None,
    typer.Option(
        "--accounts", "-a", metavar="FILE", help="Accounts table, one row an account.", show_default=False
    ),
]
Mapping = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=PATH", help="Read a field from elsewhere in the line. Repeatable."),
]
Constants = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="FIELD=VALUE", help="Give a field a constant value. Repeatable."),
]
ReaderName = Annotated[
    str | None,
    typer.Option(
        "--reader", metavar="NAME", help="Log format; by default recognised by content.", show_default=False
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        metavar="TIME",
        help="Only exchanges at or after this event time (UTC).",
        show_default=False,
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until", metavar="TIME", help="Only exchanges before this event time (UTC).", show_default=False
    ),
]


def pairs(given: list[str] | None, option: str, wanted: str) -> dict[str, str]:
    """Return `FIELD=VALUE` words as a mapping; `wanted` names the right-hand side in the error.

    Raises typer.BadParameter where a word has no `=` or names a field twice.
    """
    found: dict[str, str] = {}
    for word in given or []:
        field, equals, value = word.partition("=")
        if not equals or not field or not value:
            raise typer.BadParameter(f"expected FIELD={wanted}, got {word!r}", param_hint=option)
        if field in found:
            raise typer.BadParameter(f"{field} is given twice", param_hint=option)
        found[field] = value
    return found


def instant(text: str | None, option: str) -> datetime | None:
    """Return an RFC 3339 time or a date as an instant; UTC where no offset is given.

    Raises typer.BadParameter where `text` is neither.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f"expected a date or a time such as 2026-11-02T09:14:03Z, got {text!r}"
        raise typer.BadParameter(message, param_hint=option) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def window(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """Return `--since` and `--until` as instants. Raises typer.BadParameter where nothing lies between them."""
    first, last = instant(since, "--since"), instant(until, "--until")
    if first is not None and last is not None and first >= last:
        message = f"expected a time after --since {since}, got {until!r}"
        raise typer.BadParameter(message, param_hint="--until")
    return first, last


def input_options(
    mapping: list[str] | None, constants: list[str] | None, reader: str | None, format: str | None
) -> dict[str, tuple[str, object]]:
    """Return the options about reading logs as settings, for `read_settings`."""
    return {
        "--map": ("input.mapping", pairs(mapping, "--map", "PATH") or None),
        "--set": ("input.constants", pairs(constants, "--set", "VALUE") or None),
        "--reader": ("input.reader", reader),
        "--format": ("output.format", format),
    }
