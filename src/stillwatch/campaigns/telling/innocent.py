"""What was examined and found innocent, and why: the groups that came closest to a finding."""

from __future__ import annotations

from stillwatch.campaigns.judging import Judged, Outcome
from stillwatch.campaigns.model import Examined, Grounds
from stillwatch.campaigns.telling.grounds import ACCUSING, of_examined, present_fields
from stillwatch.campaigns.telling.retrial import court_of
from stillwatch.campaigns.traffic import Traffic
from stillwatch.evidence.row import TELLING

MOST_EXAMINED = 25

LACKING = {
    "coordination": "nothing of weight shows that these accounts are one operator",
    "extraction": "what they take is not shaped like training data",
    "evasion": "they do not present themselves as strangers to each other",
}
# the same where something does speak for it
TOO_LITTLE = {
    "coordination": "too little shows that these accounts are one operator",
    "extraction": "too little shows that what they take is shaped like training data",
    "evasion": "too little shows that they hide a relation",
}
HINDERED = {
    "size": "they are too few to be called a campaign, and their identities do not contradict each other",
    "work": "they do too little of one kind of work to say what it is after",
    "tie": "nothing of weight passed between them",
}


def _reason(judged: Judged, grounds: Grounds | None) -> str:
    """Return why a group is not reported, in a sentence: the counter-evidence that decided, else what it lacked."""
    deciding = [w.signals[0] for w in grounds.without if w.verdict is not None] if grounds else []
    speaking = [row for row in judged.counter if not deciding or row.signal in deciding]
    if speaking and (deciding or not grounds):
        return min(speaking, key=lambda row: (row.log10_e, row.signal)).summary
    accusing = [lack for lack in grounds.lacks if lack.verdict == ACCUSING] if grounds else []
    said = [
        (TOO_LITTLE if judged.axes[lack.axis] >= TELLING else LACKING)[lack.axis]
        for lack in accusing
        if lack.axis is not None
    ]
    said += [HINDERED[lack.what] for lack in accusing if lack.axis is None]
    if said:
        return f"{'; '.join([said[0][:1].upper() + said[0][1:], *said[1:]])}."
    if speaking:
        return min(speaking, key=lambda row: (row.log10_e, row.signal)).summary
    return "A better supported group, or an earlier list, has these accounts."


def examined(outcome: Outcome, traffic: Traffic) -> tuple[Examined, ...]:
    """Return the groups that came closest and were not reported, with the reason and what would have made one."""
    court, present = court_of(outcome, traffic.population), present_fields(traffic)
    ordered = sorted(
        outcome.innocent, key=lambda j: (-j.axes["coordination"], -j.group.size, j.group.accounts.tobytes())
    )[:MOST_EXAMINED]
    weighed = [(judged, of_examined(judged, court, present)) for judged in ordered]
    return tuple(
        Examined(
            name=f"{judged.group.size} accounts: {judged.group.source}",
            accounts=judged.group.size,
            exchanges=judged.group.exchanges,
            axes=dict(judged.axes),
            reason=_reason(judged, grounds),
            evidence=judged.evidence,
            counter_evidence=judged.counter,
            grounds=grounds,
        )
        for judged, grounds in weighed
    )
