"""What was examined and found innocent, and why: the groups that came closest to a finding."""

from __future__ import annotations

from stillwatch.campaigns.judging import Judged, Outcome
from stillwatch.campaigns.model import Examined

MOST_EXAMINED = 25


def _reason(judged: Judged, cut: float) -> str:
    if judged.counter:
        strongest = min(judged.counter, key=lambda row: row.log10_e)
        return strongest.summary
    axis, value = min(judged.axes.items(), key=lambda item: item[1])
    lacking = {
        "coordination": "nothing of weight shows that these accounts are one operator",
        "extraction": "what they take is not shaped like training data",
        "evasion": "they do not present themselves as strangers to each other",
    }[axis]
    return f"{lacking} (log10 e {value:.1f}, needed {cut:.1f})"


def examined(outcome: Outcome) -> tuple[Examined, ...]:
    """Return the groups that came closest and were not reported, with the reason."""
    ordered = sorted(
        outcome.innocent, key=lambda j: (-j.axes["coordination"], -j.group.size, j.group.accounts.tobytes())
    )
    return tuple(
        Examined(
            name=f"{judged.group.size} accounts: {judged.group.source}",
            accounts=judged.group.size,
            exchanges=judged.group.exchanges,
            axes=dict(judged.axes),
            reason=_reason(judged, outcome.cut),
            evidence=judged.evidence,
            counter_evidence=judged.counter,
        )
        for judged in ordered[:MOST_EXAMINED]
    )
