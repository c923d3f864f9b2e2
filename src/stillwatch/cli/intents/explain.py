"""`stillwatch intents explain`: why requests of a log are labelled as they are, and by whose words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.intents import arguments
from stillwatch.cli.terminal import set_loudness

if TYPE_CHECKING:
    from stillwatch.intents import Explanation


def explain(
    log: Annotated[
        Path, typer.Argument(metavar="LOG", help="A log in any known format.", show_default=False)
    ],
    exchange: Annotated[
        list[str] | None,
        typer.Option(
            "--exchange", metavar="ID", help="Only this exchange; may be given again.", show_default=False
        ),
    ] = None,
    label: Annotated[
        str | None, typer.Option("--label", metavar="SLUG", help="Explain this label.", show_default=False)
    ] = None,
    most: Annotated[int, typer.Option("--most", metavar="N", min=1, help="Exchanges to explain.")] = 20,
    weights: arguments.Weights = None,
    format: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Print what requests are after, the shortest words that decide it, whose they are, and what weighed most.

    With --format json each line is also the decision record that `intents replay` checks.
    """
    set_loudness(quiet, verbose)
    from stillwatch.intents import LABELS
    from stillwatch.intents import explain as explained

    if label is not None and label not in LABELS:
        raise typer.BadParameter(f"expected one of {', '.join(LABELS)}, got {label!r}", param_hint="--label")
    model = arguments.model_of(weights)
    for row in _rows(log, set(exchange or ()), most):
        found = explained(row, label, model)
        if format == "json":
            typer.echo(json.dumps(_record(row["exchange_id"], found), ensure_ascii=False))
        else:
            typer.echo(told(row["exchange_id"], found))
    return ExitCode.OK


def told(name: str, found: Explanation) -> str:
    """Return an explanation as text for a person."""
    from stillwatch.report.terminal import safe

    lines = [f"{safe(name)}: {found.sentence}"]
    if found.span is not None and found.span.start is not None:
        where = "the system text" if found.span.message < 0 else f"message {found.span.message}"
        lines.append(f"  in {where}, characters {found.span.start} to {found.span.end}")
    lines += [f"  {weight:+.2f}  {feature}" for feature, weight in found.features]
    return "\n".join(lines)


def _record(name: str, found: Explanation) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "exchange_id": name,
        "label": found.label,
        "probability": found.probability,
        "given": found.given,
        "span": asdict(found.span) if found.span else None,
        "without": found.without,
        "features": [list(feature) for feature in found.features],
        "record": found.record.as_dict(),
    }


def _rows(log: Path, wanted: set[str], most: int) -> Iterator[Mapping[str, Any]]:
    from stillwatch.exchanges import DeadLetters, read_exchanges

    count = 0
    with DeadLetters(None) as letters:
        for batch in read_exchanges([log], dead_letters=letters):
            for row in batch.to_pylist():
                if not wanted or row["exchange_id"] in wanted:
                    yield row
                    count += 1
                    if count >= (len(wanted) or most):
                        return
