"""`stillwatch text`: read the kept text of one exchange, with a reason, and remove what is past its time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.terminal import complain, print_json, set_loudness
from stillwatch.settings import Problem, Settings, SettingsError, read_settings

if TYPE_CHECKING:
    from stillwatch.texts import KeptText, TextStore

app = typer.Typer(help="Kept text: read an exchange, remove what is past its time.", no_args_is_help=True)

_NO_STATE = Problem(
    "stillwatch text", "run.state_dir", "kept text lies in the state directory, and none is named",
    "add --state DIR, the one that `scan --keep-text` was given",
)  # fmt: skip


@app.command(no_args_is_help=True)
def show(
    exchange_id: Annotated[
        str, typer.Argument(metavar="EXCHANGE_ID", help="The exchange to read.", show_default=False)
    ],
    why: Annotated[
        str,
        typer.Option(
            "--why", metavar="REASON", help="Why it is read; goes to the access log.", show_default=False
        ),
    ],
    state: options.State = None,
    config: options.ConfigFile = None,
    format: options.OutputFormat = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Print the kept text of one exchange. Who, when, what and why are written to the access log first."""
    set_loudness(quiet, verbose)
    if not why.strip():
        raise typer.BadParameter("give a reason, such as 'case 17'", param_hint="--why")
    given = {"--state": ("run.state_dir", state), "--format": ("output.format", format)}
    settings = read_settings(config, options=given).settings
    store = _store(settings)
    text = store.find(exchange_id, why)
    if text is None:
        complain(
            f"{store.folder}: no text of exchange {exchange_id!r} is kept\n"
            "  fix: text is kept by `scan --keep-text DAYS --state DIR`, for so many days"
        )
        return ExitCode.USAGE
    if settings.output.format == "json":
        print_json(text)
    else:
        _print(text)
    return ExitCode.OK


@app.command()
def expire(
    state: options.State = None,
    config: options.ConfigFile = None,
    keep_text: options.KeepText = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Remove kept text that is past its time; with --keep-text, also what is older than so many days."""
    set_loudness(quiet, verbose)
    given = {
        "--state": ("run.state_dir", state),
        "--keep-text": ("text.retention_days", keep_text),
    }
    settings = read_settings(config, options=given).settings
    store = _store(settings)
    from stillwatch.texts import stated_days

    gone = store.expire(stated_days(settings.text))
    left = store.scans()
    until = f", until {left[0].until:%Y-%m-%d %H:%M} UTC at the latest" if left else ""
    typer.echo(f"text of {len(gone)} scans removed; of {len(left)} kept{until}")
    return ExitCode.OK


def _store(settings: Settings) -> TextStore:
    from stillwatch.texts import TextStore  # here, so that --help and mistakes answer at once

    if settings.run.state_dir is None:
        raise SettingsError([_NO_STATE])
    return TextStore(Path(settings.run.state_dir))


def _print(text: KeptText) -> None:
    from stillwatch.report.terminal import safe

    typer.echo(f"{safe(text.exchange_id)}  {safe(text.account_id)}  {text.time.isoformat()}")
    for part in ("system", "user", "output"):
        said = getattr(text, part)
        if said is not None:
            typer.echo(f"\n{part}:")
            typer.echo("\n".join(safe(line) for line in said.splitlines()))
