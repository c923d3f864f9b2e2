"""Options that several commands of `stillwatch feedback` take."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stillwatch.settings import Problem, SettingsError, read_settings

if TYPE_CHECKING:
    from stillwatch.feedback.ledger import Ledger

By = Annotated[
    str, typer.Option("--by", metavar="NAME", help="Who says so; goes to the ledger.", show_default=False)
]
Because = Annotated[
    str, typer.Option("--because", metavar="TEXT", help="What was seen, in words.", show_default=False)
]
EntryId = Annotated[str, typer.Argument(metavar="ID", help="An entry, such as F-0001.", show_default=False)]

_NO_STATE = Problem(
    "stillwatch feedback", "run.state_dir", "feedback lies in the state directory, and none is named",
    "add --state DIR, the one that the scans were given",
)  # fmt: skip


def state_of(state: Path | None, config: Path | None) -> Path:
    """Return the state directory, from the option or the configuration. Raises SettingsError without one."""
    folder = read_settings(config, options={"--state": ("run.state_dir", state)}).settings.run.state_dir
    if folder is None:
        raise SettingsError([_NO_STATE])
    return Path(folder)


def warn_of_broken(ledger: Ledger, folder: Path) -> None:
    """Tell of the lines of a ledger that could not be read; they are passed over, and stay in the file."""
    from stillwatch.cli.terminal import complain
    from stillwatch.feedback.ledger import LEDGER

    for broken in ledger.broken:
        complain(
            f"{folder / LEDGER}:{broken.line}: {broken.reason}; passed over\n"
            "  fix: say it again with `feedback add`; the line may stay"
        )
