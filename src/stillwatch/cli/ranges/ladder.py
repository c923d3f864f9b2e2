"""`stillwatch range ladder`: rungs of evasion, scanned one by one, with what they cost the attacker."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.ranges import grids
from stillwatch.cli.terminal import say, set_loudness
from stillwatch.settings import read_settings

if TYPE_CHECKING:
    from stillwatch.ranges.trials.ladder import Row


def ladder(
    rungs: Annotated[str, typer.Option("--rungs", metavar="LIST", help="Such as 0-9 or 2,5-7.")] = "0-9",
    sizes: Annotated[
        str, typer.Option("--sizes", metavar="LIST", help="Accounts, and harvested exchanges of each.")
    ] = "20x50",
    shares: Annotated[
        str, typer.Option("--shares", metavar="LIST", help="L6 to L8: the harvest in the pool's traffic.")
    ] = "0.1",
    backgrounds: Annotated[
        str, typer.Option("--backgrounds", metavar="LIST", help="Honest traffic, times the harvest.")
    ] = "10,100",
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", min=1, help="Worlds of each step.")] = 1,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Where steps, tables and the plot go.")
    ] = Path("stillwatch-ladder"),
    with_baselines: Annotated[
        bool, typer.Option("--baselines", help="Also run the simple detectors.")
    ] = False,
    corpus: grids.Corpus = None,
    jobs: grids.Jobs = 1,
    config: options.ConfigFile = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Climb the evasion ladder: what is found of a campaign at each rung, and what the rung costs its operator.

    Finished steps are kept in DIR/steps and used again; remove them to have them made anew.
    """
    set_loudness(quiet, verbose)
    settings = read_settings(config).settings
    grid = (
        grids.levels(rungs),
        grids.listed(sizes, "--sizes", grids.size),
        grids.listed(shares, "--shares", grids.share),
        grids.listed(backgrounds, "--backgrounds", grids.multiple),
    )
    from stillwatch.ranges.trials.ladder import LadderJob, climb, steps
    from stillwatch.ranges.trials.ladder_table import markdown, write_tables

    chosen = steps(*grid)
    work = [
        LadderJob(step, seed, out, settings, corpus, with_baselines)
        for step in chosen
        for seed in range(seeds)
    ]
    rows: list[Row] = []
    for row, kept in climb(work, jobs):
        rows.append(row)
        how = "kept from an earlier run" if kept else f"scanned in {row.seconds} s"
        found = "found" if row.found else "not found"
        say(
            f"{row.name}, seed {row.seed} ({len(rows)} of {len(work)}): {found}, {row.recall:.0%} of it; {how}"
        )
    written = write_tables(rows, out)
    typer.echo(markdown(rows), nl=False)
    say(f"\nwritten: {', '.join(map(str, [*written, *_plot(rows, out / 'ladder.png')]))}")
    return ExitCode.OK


def _plot(rows: list[Row], path: Path) -> list[Path]:
    """Draw the ladder; where matplotlib is absent, say so: the tables stand without it."""
    from stillwatch.ranges.scoring.baselines.embeddings import MissingExtraError
    from stillwatch.ranges.trials.ladder_plot import plot

    try:
        return [plot(rows, path)]
    except MissingExtraError as error:
        say(f"no plot: {error}")
        return []
