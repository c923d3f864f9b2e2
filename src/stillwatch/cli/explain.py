"""`stillwatch explain`: the reasons for a campaign, an account, the link between two, an exchange."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.terminal import complain, print_json, set_loudness


def explain(
    results: Annotated[
        Path,
        typer.Argument(metavar="RESULTS", help="The directory that `scan --out` wrote.", show_default=False),
    ],
    subject: Annotated[
        str | None,
        typer.Argument(
            metavar="CAMPAIGN|ACCOUNT|EXCHANGE",
            help="An id; of a campaign also the start of one, or a place in the list.",
            show_default=False,
        ),
    ] = None,
    other: Annotated[
        str | None,
        typer.Argument(metavar="ACCOUNT", help="A second account: what ties the two.", show_default=False),
    ] = None,
    format: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Print why a campaign is named, what would change that, and what ties an account or two, or an exchange, to it."""
    set_loudness(quiet, verbose)
    from stillwatch.report.results import load_results
    from stillwatch.report.subjects import explain_subject, meant, subject_record
    from stillwatch.report.terminal import console_for, print_result, safe

    result = load_results(results)
    if subject is None:
        print_result(result, console_for())
        return ExitCode.OK
    try:
        subject = subject if other is not None else meant(result, subject)
        if format == "json":
            print_json(subject_record(result, subject, other))
            return ExitCode.OK
        text = explain_subject(result, subject, other)
    except KeyError as error:
        first, *rest = str(error.args[0]).split("\n")
        complain("\n".join([f"{results}: {safe(first)}", *map(safe, rest)]))
        return ExitCode.USAGE
    typer.echo("\n".join(safe(line) for line in text.splitlines()))
    return ExitCode.OK
