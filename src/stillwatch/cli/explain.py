"""`stillwatch explain`: the reasons for a campaign, or what a scan holds about an account."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
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
            metavar="CAMPAIGN|ACCOUNT",
            help="An id, the start of one, or a place in the list.",
            show_default=False,
        ),
    ] = None,
    format: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Print why a campaign is named, what speaks against it, or what is held about one account."""
    set_loudness(quiet, verbose)
    from stillwatch.report.record import most_serious_first
    from stillwatch.report.results import load_results
    from stillwatch.report.terminal import console_for, explain_account, explain_campaign, print_result, safe

    result = load_results(results)
    campaigns = {campaign.campaign_id: campaign for campaign in most_serious_first(result.campaigns)}
    if subject is None:
        print_result(result, console_for())
        return ExitCode.OK
    subject = _meant(subject, list(campaigns))
    if format == "json":
        return _as_json(results, subject, campaigns)
    if subject in campaigns:
        text = explain_campaign(campaigns[subject])
    else:
        try:
            text = explain_account(result, subject)
        except KeyError as error:
            known = [*campaigns, *(m.account_id for c in result.campaigns for m in c.accounts)]
            complain(_hint(subject, known, f"{results}: {safe(str(error.args[0]))}"))
            return ExitCode.USAGE
    typer.echo("\n".join(safe(line) for line in text.splitlines()))
    return ExitCode.OK


def _meant(subject: str, campaigns: list[str]) -> str:
    """Return the campaign meant by its place in the list (1 is the first) or by the start of its id."""
    if subject.isdecimal() and 1 <= int(subject) <= len(campaigns):
        return campaigns[int(subject) - 1]
    starting = [name for name in campaigns if name.startswith(subject)]
    return starting[0] if len(starting) == 1 else subject


def _hint(subject: str, known: list[str], otherwise: str) -> str:
    near = difflib.get_close_matches(subject, known, n=3)
    fix = f"did you mean {', '.join(near)}?" if near else "run without an id for the list of campaigns"
    return f"{otherwise}\n  fix: {fix}"


def _as_json(results: Path, subject: str, campaigns: Mapping[str, object]) -> int:
    import orjson

    records = orjson.loads((results / "campaigns.json").read_bytes())
    found = [record for record in records if record["campaign_id"] == subject]
    found = found or [r for r in records if any(m["account_id"] == subject for m in r["accounts"])]
    if not found:
        complain(f"{results}: no campaign, and no account of a campaign, {subject!r}")
        return ExitCode.USAGE
    print_json(found[0] if subject in campaigns else found)
    return ExitCode.OK
