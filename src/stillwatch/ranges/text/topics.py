"""What a topic fixes: its domain, nouns, figures and document lengths. For kernels; see the package's notes."""

from __future__ import annotations

import numpy as np

from stillwatch.ranges.hashing import bounded, mixed
from stillwatch.ranges.text.lengths import ASKED, FREE
from stillwatch.sketches.kernels import inlined, leaf

U = np.uint64

# What is hashed with a topic: numbers far above those of {c:K:…} slots, so that no two uses meet.
DOMAIN = U(1 << 40)
FIVE = U(2 << 40)
FIGURE = U(3 << 40)
STORE = U(4 << 40)
CHOICE = U(5 << 40)
LENGTH = U(6 << 40)
FOCUS = U(7 << 40)

NOUNS = 5  # of a topic
OWN = U(45_875)  # of 65,536 nouns: 70 % are one of the topic's five


@inlined
def domain_of(p, language, topic):  # type: ignore[no-untyped-def]
    """Return the number of the topic's domain in a language."""
    return p.languages[U(language), 0] + bounded(mixed(topic, DOMAIN), p.languages[U(language), 1])


@inlined
def noun(p, language, topic, draw):  # type: ignore[no-untyped-def]
    """Return the number of a noun: mostly one of the topic's five, else any of its domain."""
    domain = domain_of(p, language, topic)
    if (draw & U(0xFFFF)) < OWN:
        draw = mixed(topic, FIVE + U(bounded(draw, NOUNS)))
    return p.domains[U(domain), 0] + bounded(draw, p.domains[U(domain), 1])


@leaf
def focus(p, language, topic, seed, second):  # type: ignore[no-untyped-def]
    """Return the number of one of the two different nouns that all texts of a topic and seed speak of."""
    domain = domain_of(p, language, topic)
    size = np.int64(p.domains[U(domain), 1])
    state = mixed(mixed(topic, seed), FOCUS)
    first = bounded(state, size)
    if second == 0:
        return p.domains[U(domain), 0] + first
    further = bounded(mixed(state, FOCUS), size - 1) + 1
    return p.domains[U(domain), 0] + (first + further) % size


@inlined
def figure(topic, variable, low, high):  # type: ignore[no-untyped-def]
    """Return the whole number that stands for a variable in every text of the topic."""
    return low + bounded(mixed(topic, FIGURE + U(variable)), np.int64(high) - low + 1)


@leaf
def calculated(topic):  # type: ignore[no-untyped-def]
    """Return the result of an exam item, (v0 * v1 - v2) // v3, rounded down."""
    product = figure(topic, 0, 2, 401) * figure(topic, 1, 2, 31)
    return (product - figure(topic, 2, 2, 61)) // figure(topic, 3, 2, 21)


@leaf
def fixed_profile(topic):  # type: ignore[no-untyped-def]
    """Return the length profile of what a topic fixes, its documents: medians of 3 to 17 sentences."""
    state = mixed(topic, LENGTH)
    return np.int64(U(FREE) + (U(3) + state % U(5)) * U(ASKED) + U(3) + (state >> U(32)) % U(5))
