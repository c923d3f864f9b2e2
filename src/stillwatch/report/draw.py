"""Marks on paper: SVG and HTML elements with everything escaped, and bars on one common scale."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

# control characters, halves of surrogate pairs, and bidirectional overrides, which would turn the page's own
# words around; text that runs right to left needs none of them
_UNPRINTABLE = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u202a-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufffe\\uffff]"
)

STRIP = 1000  # width of a strip in its own units; it stretches to its column


def clean(text: str) -> str:
    """Return text without characters that a page cannot hold."""
    return _UNPRINTABLE.sub("�", text)


def el(tag: str, *inside: str | Markup, **attributes: object) -> Markup:
    """Return one element. Text is escaped, Markup is taken as it is.

    Attribute names: `_` becomes `-`, a trailing `_` is dropped (`class_`); None leaves the attribute out.
    """
    written = Markup("").join(
        Markup(' {}="{}"').format(_name(name), clean(str(value)))
        for name, value in attributes.items()
        if value is not None
    )
    body = Markup("").join(part if isinstance(part, Markup) else escape(clean(part)) for part in inside)
    return Markup("<{0}{1}>{2}</{0}>").format(Markup(tag), written, body)


def _name(name: str) -> Markup:
    # SVG is case-sensitive: viewBox and preserveAspectRatio are passed as they are
    return Markup(name.rstrip("_").replace("_", "-"))


def number(x: float) -> str:
    """Return a coordinate at one decimal: enough for a screen, the same on every machine."""
    shown = f"{x:.1f}".removesuffix(".0")
    return "0" if shown == "-0" else shown


def strip(*inside: Markup, height: int, label: str | None = None, class_: str = "strip") -> Markup:
    """Return a stretching strip of `height` pixels; without a label it is decoration beside its text."""
    return el(
        "svg",
        *inside,
        class_=class_,
        viewBox=f"0 0 {STRIP} {height}",
        preserveAspectRatio="none",
        height=height,
        role=None if label is None else "img",
        aria_label=label,
        aria_hidden="true" if label is None else None,
    )


def rect(x: float, y: float, width: float, height: float, class_: str) -> Markup:
    """Return a rectangle."""
    return el("rect", x=number(x), y=number(y), width=number(width), height=number(height), class_=class_)


def upright(x: float, top: float, bottom: float, class_: str) -> Markup:
    """Return a vertical line; one that leaves its strip meets the line of the next row."""
    return el("line", x1=number(x), x2=number(x), y1=number(top), y2=number(bottom), class_=class_)


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear scale of evidence in orders of ten, from `low` to `high`; what lies beyond is cut off."""

    low: float
    high: float

    def at(self, log10_e: float) -> float:
        """Return the position on a strip, 0..STRIP."""
        held = min(max(log10_e, self.low), self.high)
        return (held - self.low) / (self.high - self.low) * STRIP

    def share(self, log10_e: float) -> str:
        """Return the position as a percentage for CSS."""
        return f"{self.at(log10_e) / STRIP * 100:.2f}%"

    def holds(self, log10_e: float) -> bool:
        """Tell whether the value is drawn at its true length."""
        return self.low <= log10_e <= self.high


# beyond this the strips would be one long bar: everything is far past every confidence step
LONGEST = 24.0


def scale_for(values: Sequence[float], cut: float | None) -> Scale:
    """Return a scale that holds the values and the confidence steps, with a little air."""
    top = max([*values, 2.0 if cut is None else cut + 7.0])
    bottom = min([*values, 0.0])
    return Scale(max(bottom * 1.05, -LONGEST / 2), min(top * 1.04, max(LONGEST, (cut or 0.0) + 8.0)))


def bar(scale: Scale, start: float, end: float, class_: str, *, height: int, thick: int) -> Markup:
    """Return a bar between two values; one that runs off the scale ends in a gap and a sliver."""
    left, right = sorted((scale.at(start), scale.at(end)))
    top = (height - thick) / 2
    whole = rect(left, top, max(right - left, 2.0), thick, class_)
    if scale.holds(start) and scale.holds(end):
        return whole
    return whole + rect(STRIP - 14, 0, 5, height, "gap")
