"""The skeleton of a workload: what its texts have in common, with ⟨…⟩ where they differ.

A text is cut into words, single characters of scripts without spaces, and signs. One of the texts, the one
that holds most of what the others repeat, is aligned with each of the others; its tokens that nearly all of
them share in place are constants. A run of constants counts when it is too long to be shared by chance, and
the rest is slots. The order of the texts does not matter. Compare Drain (He et al. 2017), which does this for
log lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from stillwatch.workloads.alignment import NONE, align

SLOT = "⟨…⟩"
CUT = " […] "  # where a long constant is abridged
SAMPLES = 20  # texts of a workload that are looked at
LONGEST_TEXT = 8_000  # characters of a text that are looked at: of a longer one the beginning and the end
LONGEST_CONSTANT = 480  # characters of a constant that are shown
LONGEST_SKELETON = 1_400  # characters of a part; two parts and their names fit on the report's page
_HEAD = 0.7  # of the room for something long, for its beginning

FEW = 10  # one text in this many may differ without making a slot
# A common word stands in place in an unrelated text about one time in four, two bits a token. A run is
# believed at 16 bits over all the texts it was seen in: eight words in two texts, one word in nine.
_ENOUGH = 8

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+|[^\w\s]")
_START, _STOP = "\x02", "\x03"  # stand for the beginning and the end of a text
_BRACKETS = str.maketrans("⟨⟩", "<>")


@dataclass(frozen=True)
class _Text:
    """A text with its tokens; token i is text[spans[i]], the first and last being its two ends."""

    text: str
    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    times: int  # how often it was seen


def skeleton(texts: Iterable[str]) -> str:
    """Return what `texts` have in common, with slots as ⟨…⟩: the same for any order of them.

    One text, however often, is its own skeleton; texts without anything in common give a single slot; no
    texts give "". Texts of more than 8,000 characters, and long constants, are abridged in the middle, shown
    as […].
    """
    counts = Counter(_abridged(text.strip(), LONGEST_TEXT) for text in texts)
    if not counts:
        return ""
    read = [_read(text, counts[text]) for text in sorted(counts)]
    model = _model(read)
    needed = _nearly(counts.total())
    constant, joined = _agreement(model, [text for text in read if text is not model], needed)
    repeats = model.times >= needed  # then the model's words are no chance, however few
    runs = [run for run in _runs(constant, joined) if repeats or _believed(model, run, len(read))]
    return _abridged(_rendered(model, runs), LONGEST_SKELETON)


def workload_skeleton(samples: Sequence[tuple[str | None, str | None]]) -> str | None:
    """Return the skeleton of a workload from (system text, last user turn) of exchanges in it.

    A part that no sample has is left out. None for fewer than two samples, since nothing tells a slot from
    a constant in one, and where no sample has text.
    """
    if len(samples) < 2:
        return None
    parts = []
    for name, texts in (("system", [s for s, _ in samples]), ("user", [u for _, u in samples])):
        if any(texts):
            parts.append(f"{name}: {skeleton(text or '' for text in texts)}")
    return "\n\n".join(parts) or None


def _nearly(all_of: int) -> int:
    """Return how many of the texts must share a constant."""
    return all_of - all_of // FEW


def _read(text: str, times: int) -> _Text:
    found = list(_TOKEN.finditer(text))
    tokens = (_START, *(match.group() for match in found), _STOP)
    return _Text(text, tokens, ((0, 0), *(match.span() for match in found), (len(text),) * 2), times)


def _model(read: Sequence[_Text]) -> _Text:
    """Return the text with most three-token runs that nearly all share; the shortest of equals."""
    shingles = [set(zip(t.tokens, t.tokens[1:], t.tokens[2:], strict=False)) for t in read]
    seen: Counter[tuple[str, ...]] = Counter()
    for text, runs in zip(read, shingles, strict=True):
        seen.update(dict.fromkeys(runs, text.times))
    needed = _nearly(sum(text.times for text in read))
    shared = [sum(seen[run] >= needed for run in runs) for runs in shingles]
    order = [(-n, len(text.text), text.text) for n, text in zip(shared, read, strict=True)]
    return read[order.index(min(order))]


def _agreement(model: _Text, others: Sequence[_Text], needed: int) -> tuple[list[bool], list[bool]]:
    """Return which tokens of the model `needed` texts share, and which follow the one before in them."""
    usual = _usual([model, *others], needed)
    known = [i for i, token in enumerate(model.tokens) if token in usual]
    shared, followed = [model.times] * len(model.tokens), [model.times] * len(model.tokens)
    for other in others:
        places = [i for i, token in enumerate(other.tokens) if token in usual]
        partner = align([model.tokens[i] for i in known], [other.tokens[i] for i in places])
        last = (NONE, NONE)
        for i, at in zip(known, partner, strict=True):
            if at != NONE:
                shared[i] += other.times
                if last == (i - 1, places[at] - 1):
                    followed[i] += other.times
                last = (i, places[at])
    return [n >= needed for n in shared], [n >= needed for n in followed]


def _usual(read: Sequence[_Text], needed: int) -> set[str]:
    """Return the tokens that stand anywhere in `needed` texts; no other can be a constant."""
    seen: Counter[str] = Counter()
    for text in read:
        seen.update(dict.fromkeys(text.tokens, text.times))
    return {token for token, times in seen.items() if times >= needed}


def _runs(constant: Sequence[bool], joined: Sequence[bool]) -> list[tuple[int, int]]:
    """Return unbroken runs of constants as (first token, one after the last)."""
    runs: list[tuple[int, int]] = []
    for i, kept in enumerate(constant):
        if not kept:
            continue
        if runs and runs[-1][1] == i and joined[i]:
            runs[-1] = (runs[-1][0], i + 1)
        else:
            runs.append((i, i + 1))
    return runs


def _believed(model: _Text, run: tuple[int, int], texts: int) -> bool:
    """Tell whether a run of constants is too long to be shared by chance between so many different texts.

    Signs alone never are; the ends of a text do not count.
    """
    tokens = [token for token in model.tokens[slice(*run)] if token not in (_START, _STOP)]
    return any(token[0].isalnum() for token in tokens) and len(tokens) * (texts - 1) >= _ENOUGH


def _rendered(model: _Text, runs: Sequence[tuple[int, int]]) -> str:
    """Return the model's constants as it wrote them, with a slot in each gap; its blanks stay."""
    ends = [(model.spans[first][0], model.spans[last - 1][1]) for first, last in runs]
    constants = [_abridged(model.text[a:b].translate(_BRACKETS), LONGEST_CONSTANT) for a, b in ends]
    if not runs:
        return SLOT
    whole = len(model.tokens)
    parts = [] if runs[0][0] == 0 else [_slot(model.text[: ends[0][0]])]
    parts.append(constants[0])
    for (before, after), constant in zip(pairwise(ends), constants[1:], strict=True):
        parts += [_slot(model.text[before[1] : after[0]]), constant]
    parts += [] if runs[-1][1] == whole else [_slot(model.text[ends[-1][1] :])]
    return "".join(parts).strip()


def _slot(filling: str) -> str:
    """Return a slot between the blanks that surround what fills it in the model."""
    inside = filling.strip()
    if not inside:
        return f"{filling}{SLOT}{filling}"
    start = filling.index(inside)
    return f"{filling[:start]}{SLOT}{filling[start + len(inside) :]}"


def _abridged(text: str, room: int) -> str:
    """Return text of at most `room` characters, without its middle where it is longer."""
    if len(text) <= room:
        return text
    head = int((room - len(CUT)) * _HEAD)
    return text[:head].rstrip() + CUT + text[len(text) - (room - len(CUT) - head) :].lstrip()
