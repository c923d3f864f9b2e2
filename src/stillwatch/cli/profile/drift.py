"""`stillwatch profile drift`: what moved from one population profile to another by more than its interval."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.profile.arguments import profile_at
from stillwatch.cli.terminal import print_json, set_loudness


def drift(
    old: Annotated[
        Path, typer.Argument(metavar="OLD", help="A profile, or a state folder.", show_default=False)
    ],
    new: Annotated[
        Path, typer.Argument(metavar="NEW", help="A later profile, or state folder.", show_default=False)
    ],
    format: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Print which parameters of the population moved by more than their intervals, in words."""
    set_loudness(quiet, verbose)
    from stillwatch.evidence.population.drift import drift as moved

    found = moved(profile_at(old, "OLD"), profile_at(new, "NEW"))
    if format == "json":
        print_json([asdict(each) for each in found])
    else:
        typer.echo("\n".join(each.words for each in found) or "nothing moved by more than its interval")
    return ExitCode.OK
