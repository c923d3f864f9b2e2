"""`stillwatch range build`: labelled traffic of a scenario, or of a rung of the evasion ladder, into a folder."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.ranges import grids
from stillwatch.cli.terminal import StageProgress, progress, say, set_loudness

if TYPE_CHECKING:
    from stillwatch.ranges import Population

LADDER = "ladder:"


def build(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="SCENARIO",
            help="demo, benign, incident … (see --list), or ladder:L0 to ladder:L9.",
            show_default=False,
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another world of the same kind.")] = 0,
    scale: Annotated[
        float | None,
        typer.Option("--scale", metavar="X", help="Times as large (default 1).", show_default=False),
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where the range goes.")] = Path(
        "stillwatch-range"
    ),
    form: Annotated[
        Literal["parquet", "jsonl"], typer.Option("--form", metavar="KIND", help="parquet or jsonl.")
    ] = "parquet",
    corpus: grids.Corpus = None,
    accounts: Annotated[
        bool, typer.Option("--accounts/--no-accounts", help="Write the accounts table.")
    ] = True,
    size: Annotated[
        str | None,
        typer.Option(
            "--size",
            metavar="AxE",
            show_default=False,
            help="Ladder: accounts, and harvested exchanges of each (default 20x50).",
        ),
    ] = None,
    share: Annotated[
        str | None,
        typer.Option(
            "--share",
            metavar="SHARE",
            show_default=False,
            help="Ladder, L6 to L8: the harvest's share of the pool's traffic (default 0.1).",
        ),
    ] = None,
    background: Annotated[
        str | None,
        typer.Option(
            "--background",
            metavar="N",
            show_default=False,
            help="Ladder: honest traffic, times the harvest (default 100).",
        ),
    ] = None,
    list_all: Annotated[
        bool, typer.Option("--list", help="List the scenarios and rungs, and leave.")
    ] = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    no_progress: options.NoProgress = False,
) -> int:
    """Build labelled traffic, the same for the same seed: exchanges and accounts, and beside them the truth."""
    set_loudness(quiet, verbose)
    if list_all:
        typer.echo(_list())
        return ExitCode.OK
    if scenario is None:
        raise typer.BadParameter("name a scenario; --list lists them", param_hint="SCENARIO")
    population = _population(scenario, scale, size, share, background)
    from stillwatch.ranges import write_range  # here, so that --help and mistakes answer at once

    with progress(not no_progress) as bars:
        made = write_range(
            population, seed, out, form=form, corpus=corpus, accounts_table=accounts,
            progress=_spoken(bars, population.exchanges),
        )  # fmt: skip
    typer.echo(summary(made.manifest))
    say(f"\nwritten: {', '.join(str(path) for path in made.paths.values())}")
    return ExitCode.OK


def summary(manifest: Mapping[str, Any]) -> str:
    """Return what a range holds, as text for a person: totals, campaigns, and kinds of traffic by size."""
    lines = [
        f"{manifest['scenario']}, seed {manifest['seed']}: {manifest['exchanges']:,} exchanges of"
        f" {manifest['accounts']:,} accounts over {manifest['days']:g} days"
    ]
    for title, counted in (("campaigns", manifest["campaigns"]), ("kinds", manifest["kinds"])):
        lines.append(f"\n{title}" if counted else f"\nno {title}")
        width = max(map(len, counted), default=0)
        rows = sorted(counted.items(), key=lambda row: (-row[1], row[0]))
        lines += [f"  {name:<{width}}  {n:>9,}" for name, n in rows]
    return "\n".join(lines)


def _population(
    scenario: str, scale: float | None, size: str | None, share: str | None, background: str | None
) -> Population:
    if scale is not None and not 0 < scale < math.inf:
        raise typer.BadParameter(f"expected a number above 0, got {scale:g}", param_hint="--scale")
    if scenario.startswith(LADDER):
        if scale is not None:
            raise typer.BadParameter(
                "a rung is not scaled; use --size and --background", param_hint="--scale"
            )
        return _rung(scenario.removeprefix(LADDER), size, share, background)
    for name, given in (("--size", size), ("--share", share), ("--background", background)):
        if given is not None:
            raise typer.BadParameter(f"only for {LADDER}L0 to {LADDER}L{grids.HIGHEST}", param_hint=name)
    from stillwatch.ranges import scenario as of_name

    try:
        return of_name(scenario, 1.0 if scale is None else scale)
    except ValueError as error:
        found = str(error).removeprefix("scenario: ").replace(", found", f" or {LADDER}L0…, got")
        raise typer.BadParameter(found, param_hint="SCENARIO") from None


def _rung(word: str, size: str | None, share: str | None, background: str | None) -> Population:
    from stillwatch.ranges.scenarios.ladder import Step, ladder

    number = grids.level(word, "SCENARIO")
    accounts, each = grids.size(size or "20x50")
    return ladder(
        Step(number, accounts, each, grids.share(share or "0.1"), grids.multiple(background or "100"))
    )


def _list() -> str:
    from stillwatch.ranges import SCENARIOS
    from stillwatch.ranges.scenarios.ladder import RUNGS

    def first(made: Callable[..., Any]) -> str:
        return (made.__doc__ or "").strip().split("\n")[0]

    names = {name: first(made) for name, made in SCENARIOS.items()}
    names |= {f"{LADDER}L{rung.level}": rung.adds for rung in RUNGS}
    width = max(map(len, names))
    return "\n".join(f"{name:<{width}}  {told}" for name, told in names.items())


def _spoken(bars: StageProgress, total: int) -> Callable[[str], None]:
    """Return a listener that shows what the builder says of itself: `planning KIND`, `writing, N exchanges`."""
    planned = 0

    def hear(words: str) -> None:
        nonlocal planned
        stage = re.split(r"[, ]", words, maxsplit=1)[0]
        number = re.search(r"\d[\d,]*", words)
        if stage == "planning" or number is None:
            planned += 1
            bars(stage, planned, None)
        else:
            bars(stage, int(number[0].replace(",", "")), total)

    return hear
