"""Grounds in words: what a finding hangs on, why it has its word of confidence, what would have been different."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from stillwatch.campaigns.model import (
    CONFIDENCES,
    Campaign,
    Confidence,
    Enough,
    Examined,
    Grounds,
    Lack,
    Verdict,
    Without,
)
from stillwatch.evidence.row import AXES, Axis
from stillwatch.report import words

ACCUSING: Verdict = "distillation_campaign"

LACKED = {
    "size": "It is too small a group to be one, and its identities do not contradict each other.",
    "work": "It did too little of one kind of work to say what that is after.",
    "tie": "Nothing of weight passed between the accounts.",
}


def margins(grounds: Grounds | None, axes: dict[Axis, float]) -> dict[Axis, str]:
    """Return for each axis what it had to reach and by how much it did or did not; empty without grounds."""
    if grounds is None or not grounds.needed:
        return {}
    return {axis: _margin(axes.get(axis, 0.0), grounds.needed.get(axis)) for axis in AXES}


def _margin(value: float, needed: float | None) -> str:
    if needed is None:
        return "Not tested for this verdict."
    spare = value - needed
    if spare >= 0:
        return f"It had to reach {words.signed(needed)} and has {words.exponent(spare)} to spare."
    return f"It had to reach {words.signed(needed)} and is {words.exponent(-spare)} short."


def what_decides(campaign: Campaign) -> list[str]:
    """Return in sentences what the finding hangs on: single signals, kinds of trace, the fewest that decide."""
    grounds = campaign.grounds
    if grounds is None:
        return []
    if not grounds.needed:
        return [
            "An earlier scan named it, by the evidence it had then; what today's log shows is listed above."
        ]
    rows = [w for w in grounds.without if w.of == "row"]
    said = [_single(campaign, rows)]
    weaker = [w for w in rows if w.verdict == campaign.verdict and _weaker(w, campaign.confidence)]
    for sure in dict.fromkeys(w.confidence for w in weaker):
        names = _either(signal for w in weaker if w.confidence == sure for signal in w.signals)
        said.append(f"Without {names} it would be {_word(sure)} only.")
    for w in grounds.without:
        known = any(r.verdict == w.verdict and r.signals[0] in w.signals for r in rows)
        if w.of == "block" and w.verdict != campaign.verdict and len(w.signals) > 1 and not known:
            said.append(f"Without any trace of {w.block} ({_list(w.signals)}) it would {_named(w.verdict)}.")
        if w.of == "smallest" and len(w.signals) > 1:
            said.append(f"The fewest it hangs on: {_list(w.signals)} together.")
    said += [
        f"If {_list(w.signals)} did not speak against it, it would {_named(w.verdict)}"
        f"{f', {_word(w.confidence)}' if w.confidence else ''}."
        for w in grounds.without
        if w.of == "against" and (w.verdict, w.confidence) != (campaign.verdict, campaign.confidence)
    ]
    return said


def _single(campaign: Campaign, rows: Sequence[Without]) -> str:
    """Return whether any one signal decides."""
    felling = [w for w in rows if w.verdict != campaign.verdict]
    if not felling:
        return f"No single signal decides: without any one of them it would still {_named(campaign.verdict)}."
    each = [
        f"Without {_either(s for w in felling if w.verdict == verdict for s in w.signals)} it would {_named(verdict)}"
        for verdict in dict.fromkeys(w.verdict for w in felling)
    ]
    rest = "; no other single signal decides." if len(rows) > len(felling) else "."
    return f"{'. '.join(each)}{rest}"


def _weaker(w: Without, now: Confidence) -> bool:
    return w.confidence is not None and CONFIDENCES.index(w.confidence) < CONFIDENCES.index(now)


def _named(verdict: Verdict | None) -> str:
    if verdict is None:
        return "not be named"
    title = words.VERDICT_TITLE[verdict].lower()
    return f"be named {title}" if verdict == "related_accounts" else f"be named a {title}"


def _word(sure: Confidence | None) -> str:
    return f"“{words.CONFIDENCE_TITLE[sure].lower()}”" if sure else ""


def _list(signals: Iterable[str]) -> str:
    return words.listed([words.humanise(signal).lower() for signal in signals])


def _either(signals: Iterable[str]) -> str:
    names = [words.humanise(signal).lower() for signal in dict.fromkeys(signals)]
    return words.listed(names).replace(" and ", " or ")


def why_this_word(campaign: Campaign) -> list[str]:
    """Return why a finding has its word of confidence, and what would raise it."""
    grounds = campaign.grounds
    if grounds is None:
        return [*campaign.caps]
    above = campaign.log10_e - grounds.steps_from
    steps = [step for step, (_word_, least) in enumerate(words.CONFIDENCE_STEPS) if above >= least]
    reached = max(steps, default=0)
    title = words.CONFIDENCE_STEPS[reached][0]
    said = [
        f"The tested evidence, {words.signed(campaign.log10_e)}, lies {words.exponent(abs(above))} orders of ten "
        f"{'above' if above >= 0 else 'below'} the cut of {words.signed(grounds.steps_from)}: {_word(title)}."
    ]
    if campaign.caps:
        said.append(f"A step lower, since {'; and '.join(campaign.caps)}.")
    if reached + 1 < len(words.CONFIDENCE_STEPS):
        word, least = words.CONFIDENCE_STEPS[reached + 1]
        more = words.exponent(least - above)
        said.append(f"{_capital(_word(word))} begins {least:g} above the cut: {more} more on {_short(campaign, least)}."
                    + _by(grounds.enough))  # fmt: skip
    return said


def _capital(text: str) -> str:
    return text[:1] + text[1:2].upper() + text[2:]


def _short(campaign: Campaign, least: float) -> str:
    """Return the axes that hold the next word back."""
    assert campaign.grounds is not None
    target = campaign.grounds.steps_from + least
    tested = [axis for axis in AXES if axis in campaign.grounds.needed] or list(AXES)
    short = [axis for axis in tested if campaign.axes.get(axis, 0.0) < target]
    return words.listed(short) or "its axes"


def _by(enough: Sequence[Enough]) -> str:
    """Return which evidence would have been enough by itself."""
    if not enough:
        return ""
    each = [
        f"{words.humanise(e.signal).lower()} of {words.signed(e.log10_e)}{' (silent here)' if e.silent else ''}"
        for e in enough
    ]
    return f" Enough by itself would be {words.listed(each).replace(' and ', ' or ')}."


def why_not(group: Examined) -> list[str]:
    """Return what an examined group lacked to be a campaign, and what would have made the difference."""
    grounds = group.grounds
    if grounds is None:
        return []
    accusing = [lack for lack in grounds.lacks if lack.verdict == ACCUSING]
    said = [_lacked(lack, grounds) for lack in accusing]
    deciding = [w for w in grounds.without if w.of == "against" and w.verdict is not None]
    said += [
        f"But for {_list(w.signals)} it would {_named(w.verdict)}, {_word(w.confidence)}." for w in deciding
    ]
    for axis in AXES:
        made = _by([e for e in grounds.enough if e.axis == axis])
        if made:
            said.append(f"{axis.capitalize()}:{made}")
    return said


def _lacked(lack: Lack, grounds: Grounds) -> str:
    if lack.axis is None:
        return LACKED[lack.what]
    needed = words.signed(grounds.needed.get(lack.axis, 0.0))
    return f"{lack.axis.capitalize()} is {words.exponent(lack.log10_e)} short of the {needed} it needed."


def confidence_table() -> str:
    """Return the words of confidence with their numbers as a table in Markdown, for the documentation."""
    rows = ["| word | orders of ten above the cut |", "|---|---|"]
    for i, (word, least) in enumerate(words.CONFIDENCE_STEPS):
        following = words.CONFIDENCE_STEPS[i + 1 : i + 2]
        rows.append(f"| `{word}` | {least:g} {f'to {following[0][1]:g}' if following else 'and more'} |")
    return "\n".join(rows)
