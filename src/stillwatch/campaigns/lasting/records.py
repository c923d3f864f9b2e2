"""What one scan leaves for the next: the campaigns named, the groups that came near, and what was tested.

Everything is of the size of campaigns and candidates, never of the log; times are event times. Keys are of the
deployment's secret: they tell nothing without it, and are forgotten when it changes.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from stillwatch.campaigns.model import Verdict
from stillwatch.evidence.group import Origin

VERSION = 2

Event = Literal["named", "merged_into", "split_from", "replaced", "upgraded"]
Judgement = Literal["confirmed", "dismissed"]


class Tally(msgspec.Struct, frozen=True):
    """Things of one signal that passed inside a group, over scans; see `evidence.group.Handovers`.

    Where what passed formed the group, that scan's units count by halves. Else, and in every later scan, pairs of
    members count, each once however much passes between them.
    """

    units: int = 0
    tested: tuple[int, int] = (0, 0)  # of the scan that formed it
    expected: tuple[float, float] = (0.0, 0.0)
    pairs: list[tuple[str, str]] = []  # sorted
    chance: float = 0.0  # things that chance passes in the scans of the pairs


class Ledger(msgspec.Struct, frozen=True):
    """The evidence on one group so far, of scans whose data do not overlap."""

    scans: int
    until: datetime  # of the data that counted
    passed: dict[str, Tally] = {}  # by signal; all signals on what passes, also where nothing did
    means: dict[str, float] = {}  # by `axis/signal`: log10 of the mean e-value over the scans


class Form(msgspec.Struct, frozen=True):
    """A request form by the keyed shingles that most of its requests hold, of the system text and the user's."""

    system: list[int]
    user: list[int]


class Echo(msgspec.Struct, frozen=True):
    """By what a campaign would be known again: its request forms, and rare values that its members showed."""

    forms: list[Form] = []
    marks: dict[str, list[int]] = {}  # by trait: keyed values
    rate: float = 1.0  # upper estimate of the share of unrelated accounts that show any of it


class Known(msgspec.Struct, frozen=True):
    """A campaign that was named."""

    campaign_id: str
    members: list[str]  # sorted
    verdict: Verdict | None = None  # None: from a state of version 1, which did not say
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    log10_e: float = 0.0  # with which it was named, over
    cut: float = 0.0
    origin: Origin = "handover"
    source: str = ""
    ledger: Ledger | None = None
    echo: Echo | None = None
    suspended: dict[str, datetime] = {}  # members, by when their suspension began
    judgement: Judgement | None = None  # what a person decided; a dismissed campaign is not carried on


class Candidate(msgspec.Struct, frozen=True):
    """A group that was coordinated or nearly so and not named: a proposal of the scans to come."""

    members: list[str]  # sorted
    origin: Origin
    source: str
    picked_by_start: bool
    scan: int  # that proposed it
    among: int  # proposals of that scan
    coordination: float  # log10 e so far; the strongest candidates are kept
    first_seen: datetime
    last_seen: datetime
    ledger: Ledger


class Change(msgspec.Struct, frozen=True):
    """One step in the history of an id; `at` is event time: the end of the scan's data."""

    at: datetime
    campaign_id: str
    event: Event
    other: str | None = None  # the campaign merged into or split from; for `upgraded`, the verdict


class State(msgspec.Struct, frozen=True):
    """All of it. The file is this, as JSON."""

    version: int = VERSION
    secret_id: str | None = None
    scans: int = 0
    since: datetime | None = None  # first and last event time of all data scanned
    until: datetime | None = None
    found: dict[str, int] = {}  # discoveries so far, by verdict
    seen: bytes = b""  # accounts of all scans so far, see `lasting/seen.py`
    campaigns: list[Known] = []  # by id
    candidates: list[Candidate] = []
    history: list[Change] = []
