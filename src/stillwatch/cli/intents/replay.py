"""`stillwatch intents replay`: whether recorded decisions follow from what they say they were made of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.intents import arguments
from stillwatch.cli.terminal import complain, set_loudness


def replay(
    records: Annotated[
        Path,
        typer.Argument(
            metavar="RECORDS", help="Lines of `intents explain --format json`.", show_default=False
        ),
    ],
    weights: arguments.Weights = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Compute every recorded score anew from its features and the weights; leave with 1 where one differs."""
    set_loudness(quiet, verbose)
    from stillwatch.intents import ReplayError
    from stillwatch.intents import replay as replayed
    from stillwatch.intents.record import from_dict

    model = arguments.model_of(weights)
    same = wrong = 0
    lines = records.read_bytes().splitlines()  # as text, U+2028 in a quotation would end a line, too
    for number, line in enumerate(lines, 1):
        try:
            replayed(from_dict(json.loads(line)["record"]), model)
            same += 1
        except ReplayError as error:
            complain(f"{records}:{number}: {error}")
            wrong += 1
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            complain(f"{records}:{number}: no decision record ({error!r}); expected lines of intents explain")
            wrong += 1
    typer.echo(f"{same} decisions replayed, {wrong} not")
    return ExitCode.ERROR if wrong else ExitCode.OK
