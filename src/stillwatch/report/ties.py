"""The picture of a group: its accounts, and which evidence ties which to which.

Up to sixty accounts each is a circle of its own. In a larger group the accounts that are tied most
strongly are drawn as one circle whose area stands for how many they are, and lines between circles stand
for all ties between their accounts.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from stillwatch.campaigns.model import Campaign, Tie
from stillwatch.report import words
from stillwatch.report.draw import el, number
from stillwatch.report.layout import Points, place

EACH_ALONE = 60  # accounts drawn one by one
GROUPS = 28  # circles of a larger group
LINES = 420  # beyond this the eye sees a ball of wool
LINES_OF_GROUPS = 160
STYLES = 8  # line styles the page defines; rarer signals share the last
WIDTH, MARGIN = 720, 46
HEIGHT = ((2, 120), (4, 260), (EACH_ALONE, 460))  # up to so many circles, so high


@dataclass(frozen=True, slots=True)
class Line:
    """All ties of one signal between two circles."""

    a: int
    b: int
    signal: str
    ties: int
    log10_e: float


@dataclass(frozen=True, slots=True)
class TiesPicture:
    """The picture, its legend, and what it leaves out, in words."""

    svg: Markup
    legend: tuple[tuple[Markup, str, int], ...]  # sample of the line, signal, ties
    note: str
    strongest: tuple[Tie, ...]


def ties_picture(campaign: Campaign) -> TiesPicture | None:
    """Return the picture of a campaign's ties; None where there are none or one account alone."""
    ids = sorted(m.account_id for m in campaign.accounts)
    ties = _merged(t for t in campaign.ties if t.a != t.b)
    if len(ids) < 2 or not ties:
        return None
    groups = [[who] for who in ids] if len(ids) <= EACH_ALONE else _grouped(ids, ties)
    home = {who: i for i, group in enumerate(groups) for who in group}
    lines = _lines(ties, home)
    most = LINES if len(groups) == len(ids) else LINES_OF_GROUPS
    shown = _strongest_lines(lines, len(groups), most)
    styles = _styles(ties)
    points = place(len(groups), [(x.a, x.b, 0.4 + min(x.log10_e, 8.0) / 8) for x in lines])
    label = (
        f"{words.counted(len(ids), 'account')} and {words.counted(len(ties), 'tie')} between them, by "
        f"{words.listed([words.humanise(s).lower() for s in styles])}"
    )
    svg = _svg(groups, points, shown, styles, label)
    each = Counter(t.signal for t in ties)
    legend = tuple((_sample(style), words.humanise(signal), each[signal]) for signal, style in styles.items())
    return TiesPicture(svg, legend, _note(len(ids), len(groups), len(lines), len(shown)), tuple(ties[:10]))


def _merged(ties: Iterable[Tie]) -> list[Tie]:
    """Return one tie for each pair and signal, strongest first."""
    held: dict[tuple[str, str, str], Tie] = {}
    for t in ties:
        a, b = sorted((t.a, t.b))
        known = held.get((a, b, t.signal))
        held[a, b, t.signal] = Tie(
            a, b, t.signal,
            t.events + (known.events if known else 0),
            max(t.log10_e, known.log10_e) if known else t.log10_e,
        )  # fmt: skip
    return sorted(held.values(), key=lambda t: (-t.log10_e, t.a, t.b, t.signal))


def _grouped(ids: list[str], ties: list[Tie]) -> list[list[str]]:
    """Merge the strongest ties first until few circles are left; none may swallow the picture."""
    largest = max(2, math.ceil(len(ids) / 12))
    home = {who: who for who in ids}
    group = {who: [who] for who in ids}
    for t in ties:
        a, b = home.get(t.a), home.get(t.b)
        if a is None or b is None or a == b or len(group[a]) + len(group[b]) > largest:
            continue
        small, large = sorted((a, b), key=lambda g: (len(group[g]), g))
        for who in group[small]:
            home[who] = large
        group[large] += group.pop(small)
        if len(group) <= GROUPS:
            break
    by_size = sorted((sorted(g) for g in group.values()), key=lambda g: (-len(g), g[0]))
    rest = sorted(who for g in by_size[GROUPS - 1 :] for who in g)
    return by_size if len(by_size) <= GROUPS else [*by_size[: GROUPS - 1], rest]


def _lines(ties: list[Tie], home: dict[str, int]) -> list[Line]:
    gathered: defaultdict[tuple[int, int, str], list[Tie]] = defaultdict(list)
    for t in ties:
        if t.a in home and t.b in home and home[t.a] != home[t.b]:
            a, b = sorted((home[t.a], home[t.b]))
            gathered[a, b, t.signal].append(t)
    return [
        Line(a, b, signal, len(found), max(t.log10_e for t in found))
        for (a, b, signal), found in sorted(gathered.items(), key=lambda kv: (-kv[1][0].log10_e, kv[0]))
    ]


def _strongest_lines(lines: list[Line], n: int, most: int) -> list[Line]:
    """Return at most `most` lines: those that hold the picture together first, then the strongest."""
    root = list(range(n))

    def find(x: int) -> int:
        while root[x] != x:
            x = root[x]
        return x

    spanning: list[Line] = []
    others: list[Line] = []
    for line in lines:
        a, b = find(line.a), find(line.b)
        (others if a == b else spanning).append(line)
        root[max(a, b)] = min(a, b)
    return [*spanning, *others][: max(most, len(spanning))]


def _styles(ties: list[Tie]) -> dict[str, int]:
    """Return a line style for each signal, the commonest first."""
    each = Counter(t.signal for t in ties)
    ranked = sorted(each, key=lambda signal: (-each[signal], signal))
    return {signal: min(i, STYLES - 1) for i, signal in enumerate(ranked)}


def _svg(
    groups: list[list[str]], points: Points, lines: list[Line], styles: dict[str, int], label: str
) -> Markup:
    height = next(high for n, high in HEIGHT if len(groups) <= n)
    at = [(MARGIN + x * (WIDTH - 2 * MARGIN), MARGIN + y * (height - 2 * MARGIN)) for x, y in points.tolist()]
    most = max(len(g) for g in groups)
    size = [6.0 if most == 1 else 9 + 17 * math.sqrt(len(g) / most) for g in groups]
    abreast: Counter[tuple[int, int]] = Counter()
    drawn = []
    thick = _thicknesses(lines)
    for i, line in enumerate(lines):
        drawn.append(_curve(at[line.a], at[line.b], abreast[line.a, line.b], thick[i], styles[line.signal]))
        abreast[line.a, line.b] += 1
    nodes = [_node(group, *at[i], size[i], dense=len(groups) > 36) for i, group in enumerate(groups)]
    return el(
        "svg", el("title", label), el("g", *reversed(drawn)), el("g", *nodes),
        class_="ties", viewBox=f"0 0 {WIDTH} {height}", role="img",
    )  # fmt: skip


def _thicknesses(lines: list[Line]) -> list[float]:
    """Return a width for each line by its strength beside the others; one width where all are alike."""
    strengths = [max(line.log10_e, 0.0) for line in lines]
    top = max(strengths, default=0.0)
    if top == min(strengths, default=0.0):
        return [1.6] * len(lines)
    return [0.8 + 3.2 * strength / top for strength in strengths]


def _curve(a: tuple[float, float], b: tuple[float, float], nth: int, width: float, style: int) -> Markup:
    """Return a line between two circles; further signals between the same two bow out side by side."""
    bow = 0.0 if nth == 0 else (1 if nth % 2 else -1) * 14.0 * ((nth + 1) // 2)
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = math.hypot(dx, dy) or 1.0
    cx, cy = (a[0] + b[0]) / 2 - dy / length * bow * 2, (a[1] + b[1]) / 2 + dx / length * bow * 2
    path = f"M{number(a[0])} {number(a[1])}Q{number(cx)} {number(cy)} {number(b[0])} {number(b[1])}"
    return el("path", d=path, class_=f"k{style}", stroke_width=number(width))


def _node(group: list[str], x: float, y: float, size: float, *, dense: bool) -> Markup:
    alone = len(group) == 1
    name = words.shortened(group[0], 60) if alone else words.counted(len(group), "account")
    parts = [el("title", name), el("circle", cx=number(x), cy=number(y), r=number(size), class_="node")]
    if not alone:
        parts.append(el("text", words.count(len(group)), x=number(x), y=number(y + 4), class_="inside"))
    elif not dense:
        parts.append(el("text", words.shortened(group[0], 14), x=number(x), y=number(y + size + 12)))
    return el("g", *parts)


def _sample(style: int) -> Markup:
    line = el("line", x1=1, x2=33, y1=6, y2=6, class_=f"k{style}", stroke_width=2.4)
    return el("svg", line, class_="sample", viewBox="0 0 34 12", width=34, height=12, aria_hidden="true")


def _note(accounts: int, groups: int, lines: int, shown: int) -> str:
    note = "A line is a tie; the thicker, the stronger."
    if groups < accounts:
        note = (
            f"{words.counted(accounts, 'account')} drawn as {groups} circles: the accounts tied most "
            "strongly stand together, the number says how many. A line stands for all ties of its kind "
            "between two circles; the thicker, the stronger."
        )
    if shown < lines:
        note += f" The strongest {shown} of {lines} lines are drawn."
    return note
