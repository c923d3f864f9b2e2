"""Checking: every fixture judged again with the code and the priors now in force.

A group that people found honest must not be named again at the cut that its own scan had. The judging is the scan's:
`judge` weighs the group against its population, `decide` and `decide_bulk` say which verdicts it may have; what other
scans or another reading gave to or took from its axes then is carried over as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from stillwatch.campaigns.judging import Finding, Judged, decide, decide_bulk, judge
from stillwatch.campaigns.judging.decide import NEEDED
from stillwatch.campaigns.model import VERDICTS, Verdict
from stillwatch.evidence.group import Population
from stillwatch.evidence.row import AXES, Axis
from stillwatch.feedback.counting import Word, words_of
from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.fixtures import Fixture, read_fixture
from stillwatch.feedback.labels import priors
from stillwatch.feedback.ledger import read_ledger

ROUNDING = 1e-9  # of sums made in another order

State = Literal["quiet", "named", "found", "missed", "unreadable"]


@dataclass(frozen=True)
class Checked:
    """One fixture judged again."""

    entry_id: str
    about: str
    honest: bool
    then: str | None  # the verdict of its scan; None for a near finding
    now: str | None
    axes: tuple[dict[Axis, float], dict[Axis, float]]  # then, now
    short: float  # log10 e by which it misses its cut (below none: by which it passes it), at the axis that decides
    problem: str = ""
    left_out: tuple[str, ...] = ()  # what the version that measured it had not counted

    @property
    def state(self) -> State:
        """Return whether an honest group is quiet or named, and a campaign found or missed."""
        if self.problem:
            return "unreadable"
        if self.honest:
            return "named" if self.now is not None else "quiet"
        return "found" if self.now is not None else "missed"

    @property
    def fails(self) -> bool:
        """Return whether the check fails by it: an honest group that would be named, or one that nobody can tell."""
        return self.honest and self.state in ("named", "unreadable")


def check(state: Path) -> list[Checked]:
    """Judge all fixtures again, in the order of the ledger.

    Campaigns are judged too and told where they would be missed, without failing. Raises FeedbackError where the labels
    in force cannot be read.
    """
    words = [word for word in words_of(read_ledger(state)) if word.entry.fixture]
    wanted = [word for word in words if word.appealed or word.label is not None]
    populations: dict[str, Population] = {}
    with priors(state):
        return [_checked(state, word, populations) for word in sorted(wanted, key=lambda w: w.entry.id)]


def _checked(state: Path, word: Word, populations: dict[str, Population]) -> Checked:
    honest = word.appealed or word.label == "honest"
    try:
        fixture = read_fixture(state, word.entry.id, populations)
    except FeedbackError as error:
        problem = str(error).splitlines()[0]
        return Checked(word.entry.id, word.about, honest, None, None, ({}, {}), 0.0, problem)
    judged = again(fixture)
    return Checked(
        entry_id=word.entry.id,
        about=word.about,
        honest=honest,
        then=fixture.measured.verdict,
        now=named_again(fixture, judged),
        axes=(_axes(fixture), judged.axes),
        short=max(cut - judged.axes[axis] for axis, cut in _cuts(fixture).items()),
        left_out=fixture.left_out,
    )


def _axes(fixture: Fixture) -> dict[Axis, float]:
    return {axis: fixture.measured.axes.get(axis, 0.0) for axis in AXES}


def _cuts(fixture: Fixture) -> dict[Axis, float]:
    return {axis: fixture.measured.cuts[axis] for axis in AXES if axis in fixture.measured.cuts}


def again(fixture: Fixture) -> Judged:
    """Return the group judged as it would be now."""
    judged, added = judge(fixture.group, fixture.population), fixture.measured.added
    return replace(judged, axes={axis: value + added.get(axis, 0.0) for axis, value in judged.axes.items()})


def named_again(fixture: Fixture, judged: Judged) -> Verdict | None:
    """Return the verdict that the group would be named with at its own scan's cuts; None where it would not be named.

    Alone among its tests it meets the mildest cut there is, so what bars it here would bar it anywhere. Then each axis
    has to reach what it had to reach in its scan for the verdict that it had there or, for another verdict, for that.
    """
    scan, then = fixture.scan, fixture.measured.verdict
    if judged.group.size == 1:
        found: Sequence[Finding] = decide_bulk([judged], scan.false_discovery_rate)
    else:
        found = decide([judged], scan.false_discovery_rate, scan.min_accounts).findings
    if not found:
        return None
    cuts = _cuts(fixture)
    known = [verdict for verdict in VERDICTS if verdict == then and _reach(judged, cuts)]
    others = [
        finding.verdict for finding in found if _reach(judged, _needed(finding.verdict, cuts, scan.cut))
    ]
    return next(iter([*known, *others]), None)


def _needed(verdict: Verdict, cuts: Mapping[Axis, float], otherwise: float) -> dict[Axis, float]:
    """Return what the axes of a verdict have to reach; `otherwise` is for those that were not tested in the scan."""
    axes: Iterable[Axis] = NEEDED.get(verdict, ("extraction",))
    return {axis: cuts.get(axis, otherwise) for axis in axes}


def _reach(judged: Judged, cuts: Mapping[Axis, float]) -> bool:
    return all(judged.axes[axis] >= cut - ROUNDING for axis, cut in cuts.items())
