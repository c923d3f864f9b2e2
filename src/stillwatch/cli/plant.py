"""`stillwatch range plant`: what would have been caught, had a campaign been in one's own traffic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.terminal import out as stdout
from stillwatch.cli.terminal import progress, say, set_loudness
from stillwatch.settings import read_settings


def plant(
    into: Annotated[
        list[str],
        typer.Option(
            "--into",
            metavar="LOG",
            help="Log to plant in, of any known format. Repeatable.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "--out", "-o", metavar="DIR", help="Where the planted log and the report go.", show_default=False
        ),
    ],
    accounts: options.Accounts = None,
    campaign: Annotated[
        str,
        typer.Option("--campaign", metavar="DESIGN", help="Design of the campaign; a wrong one lists them."),
    ] = "dedicated_pool",
    size: Annotated[
        str, typer.Option("--size", metavar="AxE", help="Accounts, and harvested exchanges of each.")
    ] = "24x50",
    rung: Annotated[
        str | None,
        typer.Option("--rung", metavar="L0…L9", help="Rung of the evasion ladder.", show_default=False),
    ] = None,
    share: Annotated[
        float | None,
        typer.Option(
            "--share", metavar="SHARE", help="The harvest's share of the pool's traffic.", show_default=False
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another campaign of the same kind.")] = 0,
    corpus: Annotated[
        Path | None,
        typer.Option(
            "--corpus", metavar="DIR", help="Published texts in place of the grammar's.", show_default=False
        ),
    ] = None,
    scan: Annotated[bool, typer.Option("--scan/--no-scan", help="Scan before and after planting.")] = True,
    steps: Annotated[
        int, typer.Option("--steps", metavar="N", min=1, max=100, help="Most scans of the log as it grows.")
    ] = 8,
    config: options.ConfigFile = None,
    secret: options.Secret = None,
    mapping: options.Mapping = None,
    constants: options.Constants = None,
    reader: options.ReaderName = None,
    format: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    no_progress: options.NoProgress = False,
) -> int:
    """Plant a campaign into your own traffic, and tell what a scan would have caught, and when."""
    set_loudness(quiet, verbose)
    given = options.input_options(mapping, constants, reader, format) | {
        "--secret": ("run.secret_file", secret)
    }
    settings = read_settings(config, options=given).settings
    from stillwatch.ranges.planting import PlantError, Reading, Wish, rung_of, size_of
    from stillwatch.ranges.planting import plant as plant_in

    try:
        wish = Wish(campaign, *size_of(size), rung=rung_of(rung), share=share, seed=seed, corpus=corpus)
        wish.part()
    except PlantError as error:
        raise typer.BadParameter(str(error)) from None
    with progress(not no_progress) as on_progress:
        done = plant_in(
            list(into),
            out,
            wish,
            accounts=accounts,
            scans=scan,
            steps=steps,
            secret=settings.run.secret_file,
            settings=settings,
            reading=Reading(settings.input.mapping, settings.input.constants, settings.input.reader),
            progress=on_progress,
        )
    if settings.output.format == "json":
        from stillwatch.cli.terminal import print_json

        print_json(done.record())
    else:
        stdout().print(done.report(), markup=False, soft_wrap=True)
    say(f"\nwritten: {', '.join(str(path) for path in done.paths.values())}")
    return ExitCode.OK
