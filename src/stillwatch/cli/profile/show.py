"""`stillwatch profile show`: a population profile as a table, or as its JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.profile.arguments import profile_at
from stillwatch.cli.terminal import set_loudness

if TYPE_CHECKING:
    from stillwatch.evidence.population.profile import PopulationProfile

MOST_SEGMENTS = 12


def show(
    profile: Annotated[
        Path | None,
        typer.Argument(
            metavar="PROFILE", help="A file or a state folder (default: the shipped one).", show_default=False
        ),
    ] = None,
    format: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Print what was learned of the population, each figure with its interval and what it rests on."""
    set_loudness(quiet, verbose)
    from stillwatch.evidence.population.profile import shipped_profile, to_json

    found = shipped_profile() if profile is None else profile_at(profile, "PROFILE")
    typer.echo(to_json(found) if format == "json" else told(found), nl=format != "json")
    return ExitCode.OK


def told(profile: PopulationProfile) -> str:
    """Return a profile as text for a person."""
    from stillwatch.report.terminal import safe

    lines = [f"learned from: {safe(profile.source)}", f"accounts: {profile.accounts:,.0f}", ""]
    lines.append(f"{'alike in':<34}{'typical':>9}{'1 in 100 above':>16}{'interval':>20}{'groups':>9}")
    for name, each in sorted(profile.estimates.items()):
        span = f"{each.low:.3g} to {each.high:.3g}"
        lines.append(f"{name:<34}{each.typical:>9.3g}{each.value:>16.3g}{span:>20}{each.units:>9,.0f}")
    lines += [
        "",
        f"{'rate of an account':<34}{'mean':>9}{'1 in 100 above':>16}{'interval of mean':>20}{'accounts':>9}",
    ]
    for name, rate in sorted(profile.rates.items()):
        low, high = max(rate.mean - rate.mean_within, 0.0), min(rate.mean + rate.mean_within, 1.0)
        span = f"{low:.1%} to {high:.1%}"
        lines.append(f"{name:<34}{rate.mean:>9.1%}{rate.threshold:>16.1%}{span:>20}{rate.units:>9,.0f}")
    lines += ["", f"{'segment':<56}{'accounts':>9}"]
    largest = sorted(profile.segments.items(), key=lambda item: (-item[1].accounts, item[0]))
    lines += [f"{safe(name):<56}{each.accounts:>9,.0f}" for name, each in largest[:MOST_SEGMENTS]]
    if len(largest) > MOST_SEGMENTS:
        lines.append(f"... and {len(largest) - MOST_SEGMENTS} more: see --format json")
    return "\n".join(lines)
