"""Question banks of our own: items are made from their number, so a bank needs no storage.

A bank is what an honest evaluation and a harvest may both draw on; one bank is public.
"""

from __future__ import annotations

from random import Random

from stillwatch.ranges.artefacts import opaque
from stillwatch.ranges.prose import lexicon, pick

PUBLIC = "open-exam-v1"

_GOODS = [
    "crates",
    "tickets",
    "lanterns",
    "marbles",
    "bolts",
    "scarves",
    "tiles",
    "kites",
    "jars",
    "pencils",
    "coins",
    "ribbons",
    "bricks",
    "stamps",
]
_PLACES = [
    "market",
    "depot",
    "fair",
    "workshop",
    "harbour",
    "school",
    "library",
    "bakery",
    "station",
    "orchard",
    "museum",
    "garage",
]
_STORIES = (
    "{who} buys {a} {g} at the {p} for {b} each and sells {c} of them for {d} each. What profit is made?",
    "A {p} holds {a} {g}. Each day {b} arrive and {c} leave. How many are there after {d} days?",
    "{who} and {whom} share {a} {g} in the ratio {b}:{c}, then {who} loses {d}. How many are left to {who}?",
    "At the {p}, {b} workers pack {a} {g} in {c} hours. How long do {d} workers need for twice as many {g}?",
    "A train leaves the {p} with {a} {g}; at each of {b} stops it loses {c}. {who} adds {d}. What remains?",
    "{who} has {a} {g}. {whom} has {b} percent more. Together they give {c} to the {p}. How many remain?",
    "The price of {g} at the {p} rises from {a} by {b} percent and falls by {c} percent. {who} buys {d}.",
)
_FUNCTIONS = (
    "Write a function that returns the {b} largest of a list of {g} prices, stable for equal prices ({a}).",
    "Given the {g} in a {p} as pairs (id, weight), pack them into boxes of {a} without sorting twice.",
    "Parse lines of the form '{g};{a};{who}' and return the total by name, ignoring malformed lines.",
)


def item(bank: str, number: int) -> tuple[str, str]:
    """Return question and model answer of item `number` of a bank; the same for everybody."""
    rng = Random(opaque("bank", bank, number, length=24))
    names = lexicon("en").words["names"]
    story = pick(rng, _FUNCTIONS if rng.random() < 0.12 else _STORIES)
    a, b, c, d = (2 + int(rng.random() * top) for top in (400, 30, 60, 20))
    who, whom = rng.sample(names, 2)
    question = story.format(who=who, whom=whom, a=a, b=b, c=c, d=d, g=pick(rng, _GOODS), p=pick(rng, _PLACES))
    return question, str((a * b - c) // d)


def worked(rng: Random, question: str, answer: str, steps: int = 4) -> str:
    """Return a worked solution: sampled wording that takes figures and things from the question."""
    words = [w.strip(".,;:?%'()") for w in question.split()]
    figures = [w for w in words if w.isdigit()] or ["1"]
    things = [w for w in words if len(w) > 4 and w.isalpha()] or ["total"]
    lines = [_step(rng, figures, things) for _ in range(steps)]
    return "\n".join(lines) + f"\n{pick(rng, _ENDS)} {answer}"


def _step(rng: Random, figures: list[str], things: list[str]) -> str:
    left, right = pick(rng, figures), pick(rng, figures)
    return (
        f"{pick(rng, _MOVES)} {left} {pick(rng, things)} {pick(rng, _JOINS)} {pick(rng, _ADJECTIVES)} {right}"
        f"{pick(rng, _TAILS)} {int(rng.random() * 5000)} {pick(rng, things)}{pick(rng, _ASIDES)}."
    )


_ADJECTIVES = lexicon("en").words["adjectives"]
_MOVES = [
    "First take",
    "Now consider",
    "Multiply",
    "We combine",
    "Next compare",
    "Subtract",
    "Put together",
    "Scaling",
    "Dividing",
    "Set aside",
    "Look at",
    "Write down",
    "Suppose instead",
    "Starting from",
    "Replace",
    "Check",
    "Count",
    "Wait, recompute",
    "Hold",
]
_JOINS = [
    "with",
    "by",
    "and",
    "against",
    "from",
    "over",
    "plus",
    "less",
    "times",
    "per",
    "next to the",
    "without",
    "beside",
    "out of",
]
_TAILS = [
    ", which gives",
    ", so we have",
    ": that is",
    ", leaving",
    ", hence",
    ", or about",
    ", not",
    ", in other words",
    ", after rounding",
    ", call it",
    ", so far",
]
_ASIDES = [
    "",
    "",
    " in all",
    " at the end",
    " for now",
    ", as required",
    ", still too many",
    ", which fits",
    " each",
    " before the last step",
]
_ENDS = ["The answer is", "Therefore:", "####", "Result:", "So the final answer is", "In total:"]
