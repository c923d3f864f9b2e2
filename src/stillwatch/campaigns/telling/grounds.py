"""The grounds of a finding, and of a group that is none: how its axes came about, what would change it, readings."""

from __future__ import annotations

from stillwatch.campaigns.judging import Finding, Judged
from stillwatch.campaigns.model import CONFIDENCES, STEPS, Enough, Grounds, Verdict
from stillwatch.campaigns.telling.readings import readings
from stillwatch.campaigns.telling.respond import confidence
from stillwatch.campaigns.telling.retrial import Case, Court, enough, lacks, without
from stillwatch.campaigns.traffic import Traffic
from stillwatch.evidence.row import AXES, Axis

ACCUSING: Verdict = "distillation_campaign"


def present_fields(traffic: Traffic) -> frozenset[str]:
    """Return the fields that carry a value anywhere, in the log or in the accounts table."""
    table = traffic.accounts
    known = [] if table is None else table.column_names
    return traffic.population.present | {
        n for n in known if table is not None and table[n].null_count < len(table)
    }


def of_finding(finding: Finding, court: Court, present: frozenset[str]) -> Grounds:
    """Return the grounds of a finding; one that an earlier scan named and this one carries on has no cuts of today."""
    case, own = Case.of(finding.judged), court.for_single(finding)
    tested = tuple(finding.cuts) or AXES
    asked = bool(finding.cuts) and finding.verdict in own.bars
    return Grounds(
        needed=dict(finding.cuts),
        steps_from=finding.cut,
        composition=dict(case.composed),
        without=tuple(without(case, own, tested)) if asked else (),
        enough=_to_be_surer(finding, case, tested) if asked else (),
        readings=readings(case, tested, present),
    )


def _to_be_surer(finding: Finding, case: Case, tested: tuple[Axis, ...]) -> tuple[Enough, ...]:
    """Return evidence that would have reached the next word, where one axis alone holds it back."""
    now = CONFIDENCES.index(confidence(finding, ()))
    if now + 1 == len(STEPS):
        return ()
    target = finding.cut + STEPS[now + 1]
    short = [axis for axis in tested if finding.judged.axes[axis] < target]
    return enough(case, short[0], target) if len(short) == 1 else ()


def of_examined(judged: Judged, court: Court, present: frozenset[str]) -> Grounds | None:
    """Return the grounds of a group that was not named, held against the accusing verdict; None without its bar."""
    bar = court.bars.get(ACCUSING)
    if bar is None:
        return None
    case, needed = Case.of(judged), bar.of(judged.axes)
    short = [axis for axis, cut in needed.items() if judged.axes[axis] < cut]
    *_earlier, last = bar.cuts
    return Grounds(
        needed=needed,
        steps_from=bar.cuts[last],
        composition=dict(case.composed),
        without=tuple(w for w in without(case, court, ()) if w.of == "against"),
        lacks=tuple(lacks(judged, court)),
        enough=enough(case, short[0], needed[short[0]]) if len(short) == 1 else (),
        readings=readings(case, tuple(needed), present),
    )
