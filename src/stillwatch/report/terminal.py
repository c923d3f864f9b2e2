"""The result in a terminal: one table of campaigns, what was found innocent, what could not be said.

Colour only helps the eye: every word stands without it. `NO_COLOR` and a pipe switch it off.
"""

from __future__ import annotations

import os
import re
import sys
from typing import IO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from stillwatch.campaigns.model import Campaign, Confidence, Examined, FieldCoverage, ScanResult
from stillwatch.evidence.row import AXES
from stillwatch.report import words
from stillwatch.report.explain import explain_account, explain_campaign, explain_examined
from stillwatch.report.gaps import gaps
from stillwatch.report.record import most_serious_first
from stillwatch.report.run_facts import headline, run_facts

__all__ = [
    "console_for",
    "explain_account",
    "explain_campaign",
    "explain_examined",
    "print_result",
    "safe",
]

PLAIN_WIDTH = 120
SHOWN_EXAMINED = 5

_CONFIDENCE_STYLE: dict[Confidence, str] = {
    "suspected": "dim",
    "consistent_with": "",
    "likely": "yellow",
    "high": "bold red",
}

# what could move the cursor, colour the screen or reorder the line: C0, C1, bidirectional controls
_UNSAFE = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]")


def safe(text: str) -> str:
    """Return text with terminal and bidirectional controls replaced: ids are the attacker's to choose."""
    return _UNSAFE.sub("�", text)


def console_for(stream: IO[str] | None = None, *, width: int | None = None) -> Console:
    """Return a console that is plain (no colour, fixed width, no markup) unless `stream` is a terminal."""
    out = sys.stdout if stream is None else stream
    if width is None and not out.isatty():
        told = os.environ.get("COLUMNS", "")
        width = int(told) if told.isdecimal() and int(told) > 0 else PLAIN_WIDTH
    return Console(file=out, width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def print_result(result: ScanResult, console: Console | None = None) -> None:
    """Print what a scan found; never wider than the console."""
    console = console or console_for()
    console.print(Text(headline(result), style="bold"))
    campaigns = most_serious_first(result.campaigns)
    if campaigns:
        console.print()
        console.print(campaign_table(campaigns, narrow=console.width < 100))
    _print_examined(result.examined, console)
    _print_gaps(result.coverage, console)
    rejected = run_facts(result).rejected_rows
    if rejected:
        console.print(Text(f"\n{words.counted(rejected, 'row')} could not be read; see rejected.jsonl"))


def campaign_table(campaigns: tuple[Campaign, ...], *, narrow: bool = False) -> Table:
    """Return the table of campaigns; a narrow one leaves out capability and dates."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    table.add_column("campaign", no_wrap=True, overflow="ellipsis", min_width=8)
    table.add_column("verdict", overflow="fold")
    table.add_column("confidence", overflow="fold")
    for name in ("accounts", "exchanges"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("log10 e", justify="right", no_wrap=True)
    if not narrow:
        table.add_column("mostly", overflow="fold")
        table.add_column("seen (UTC)", overflow="fold")
    for campaign in campaigns:
        table.add_row(*_cells(campaign)[: 6 if narrow else 8])
    return table


def _cells(campaign: Campaign) -> list[Text]:
    top = max(campaign.capabilities, key=lambda c: (c.share, c.capability), default=None)
    mostly = "" if top is None else f"{words.capability(top.capability)}, {words.percent(top.share)}"
    return [
        Text(safe(campaign.campaign_id)),
        Text(words.VERDICT_TITLE[campaign.verdict]),
        Text(
            words.CONFIDENCE_TITLE[campaign.confidence].lower(), style=_CONFIDENCE_STYLE[campaign.confidence]
        ),
        Text(words.count(len(campaign.accounts))),
        Text(words.count(campaign.exchanges)),
        Text(words.exponent(campaign.log10_e)),
        Text(safe(mostly)),
        Text(words.between(campaign.first_seen, campaign.last_seen).removesuffix(" UTC")),
    ]


def _print_examined(examined: tuple[Examined, ...], console: Console) -> None:
    if not examined:
        return
    noun = words.counted(len(examined), "group")
    console.print(Text(f"\nExamined and found innocent: {noun}", style="bold"))
    for group in examined[:SHOWN_EXAMINED]:
        axes = " · ".join(f"{axis} {words.signed(group.axes.get(axis, 0.0))}" for axis in AXES)
        console.print(Text(f"{safe(group.name)}  ({axes})"))
        console.print(Padding(Text(safe(group.reason), style="dim"), (0, 0, 0, 2)))
    if len(examined) > SHOWN_EXAMINED:
        console.print(Text(f"and {len(examined) - SHOWN_EXAMINED} more, in report.html", style="dim"))


def _print_gaps(coverage: tuple[FieldCoverage, ...], console: Console) -> None:
    found = gaps(coverage)
    if not found:
        return
    console.print(Text("\nWhat could not be said, for lack of fields", style="bold"))
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for gap in found:
        fields = ", ".join(f"{name} (in {words.percent(s)})" if s else name for name, s in gap.fields)
        state = "silent" if gap.silent else "weaker"
        table.add_row(Text(safe(words.humanise(gap.signal).lower())), Text(state), Text(safe(fields)))
    console.print(table)
