"""`stillwatch profile learn`: a population profile from logs, without judging anybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.terminal import progress, say, set_loudness
from stillwatch.settings import Settings, read_settings

if TYPE_CHECKING:
    from stillwatch.evidence.population.profile import PopulationProfile


def learn(
    logs: options.Logs,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Where the profile goes.")] = Path(
        "profile.json"
    ),
    accounts: options.Accounts = None,
    after: Annotated[
        Path | None,
        typer.Option(
            "--after",
            metavar="PROFILE",
            help="An earlier profile (file or state folder) to carry on from.",
            show_default=False,
        ),
    ] = None,
    secret: options.Secret = None,
    config: options.ConfigFile = None,
    mapping: options.Mapping = None,
    constants: options.Constants = None,
    reader: options.ReaderName = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    no_progress: options.NoProgress = False,
) -> int:
    """Learn what honest traffic is like from unlabelled logs; a few attackers among it move no figure far."""
    set_loudness(quiet, verbose)
    given = options.input_options(mapping, constants, reader, None)
    settings = read_settings(config, options=given).settings
    from stillwatch.cli.profile.arguments import profile_at
    from stillwatch.evidence.population.profile import write_profile
    from stillwatch.evidence.population.updating import update

    before = profile_at(after, "--after") if after is not None else None
    with progress(not no_progress) as on_progress:
        found = learned(logs, accounts, settings, secret, on_progress.reading)
    write_profile(out, found if before is None else update(before, found))
    say(f"{out}: learned from {found.accounts:,.0f} accounts")
    return ExitCode.OK


def learned(
    logs: Sequence[str],
    accounts: Path | None,
    settings: Settings,
    secret_file: Path | None,
    on_read: Callable[..., None],
) -> PopulationProfile:
    """Return the profile of the population in logs; without a secret's file, a random one is used and thrown away."""
    import secrets

    from stillwatch.campaigns.measuring.populations import learn as learn_of
    from stillwatch.campaigns.traffic import gather
    from stillwatch.engines import Session
    from stillwatch.exchanges import DeadLetters, read_accounts, read_exchanges
    from stillwatch.intents import intents
    from stillwatch.signals import HANDOVERS
    from stillwatch.sketches import Secret, sketch_stream
    from stillwatch.sketches.store import write_sketches
    from stillwatch.workloads import assign_workloads

    secret = Secret.load_or_create(secret_file) if secret_file else Secret.from_bytes(secrets.token_bytes(32))
    with (
        Session(threads=settings.run.threads, temp_dir=settings.run.temp_dir) as session,
        DeadLetters(None) as dead,
    ):
        known = read_accounts(accounts, dead) if accounts is not None else None
        batches = read_exchanges(
            list(logs),
            dead_letters=dead,
            progress=on_read,
            mapping=settings.input.mapping,
            constants=settings.input.constants,
            format=settings.input.reader,
            batch_rows=settings.input.batch_rows,
        )
        path = session.folder / "sketches.parquet"
        write_sketches(sketch_stream(batches, secret, 1, intents), path)
        sketches = session.parquet("sketches", str(path))
        assigned = assign_workloads(session, sketches)
        return learn_of(gather(session, sketches, assigned, known, HANDOVERS, frozenset()), ", ".join(logs))
