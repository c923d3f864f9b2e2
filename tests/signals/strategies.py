"""Any group that measuring could hand over: Hypothesis strategies, every count within what it is a count of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st

from stillwatch.evidence.group import Group, Handovers, Population, Trait, Use
from stillwatch.intents import CAPABILITIES
from stillwatch.signals import HANDOVERS
from tests.signals import makers
from tests.signals.lives import lifecycles
from tests.signals.makers import HOUR, NOON, TRAITS
from tests.signals.mixes import any_mixes

OTHERS = 60  # accounts that are not members


@st.composite
def uses(draw: st.DrawFn, members: int) -> Use:
    holders = draw(st.integers(1, members))
    outside = draw(st.integers(0, 12))
    seed = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    loads = seed.integers(1, draw(st.sampled_from([2, 12, 400])), holders)
    outside_loads = seed.integers(1, 60, outside)
    n = int(loads.sum())
    answered = draw(st.integers(0, n))
    contents = draw(st.integers(1, n))
    outside_draws = draw(st.integers(1, int(outside_loads.sum()))) if outside else 0
    shared = draw(st.integers(0, min(contents, outside_draws)))
    starts = NOON + seed.uniform(0, draw(st.sampled_from([1.0, 24.0, 600.0])) * HOUR, holders + outside)
    ends = starts + seed.uniform(0, draw(st.sampled_from([0.0, 2.0, 200.0])) * HOUR, holders + outside)
    halves = seed.integers(0, 2, holders + outside)
    of_sent = {
        name: draw(st.integers(0, n)) for name in ("openings", "short_prompts", "with_tools", "refused")
    }
    of_answered = {
        name: draw(st.integers(0, answered))
        for name in ("long_answers", "generated", "tool_answers", "outputs", "repeated", "skeletons")
    }
    slug = st.sampled_from([label.slug for label in CAPABILITIES])
    classified = draw(st.integers(0, n))
    asked = draw(st.dictionaries(slug, st.integers(0, classified), max_size=3))
    return makers.use(
        templated=draw(st.booleans()),
        classified=classified,
        asked=asked,
        given={name: draw(st.integers(0, count)) for name, count in asked.items()},
        user_form=draw(st.booleans()),
        user_spread=draw(st.floats(0, 3)),
        answered=answered,
        contents=contents,
        collisions=draw(st.integers(0, 3 * contents)),
        draws=seed.integers(1, loads + 1),
        outside_draws=outside_draws,
        shared_contents=shared,
        meetings=shared * draw(st.integers(1, 4)),
        loads=loads,
        starts=starts[:holders],
        ends=ends[:holders],
        halves=halves[:holders],
        outside_loads=outside_loads,
        outside_starts=starts[holders:],
        outside_ends=ends[holders:],
        outside_halves=halves[holders:],
        **of_sent,
        **of_answered,
    )


@st.composite
def traits(draw: st.DrawFn, members: int) -> Trait:
    known = draw(st.integers(0, members))
    distinct = draw(st.integers(min(known, 1), known))
    top = known - distinct + 1 if known and draw(st.booleans()) else -(-known // max(distinct, 1))
    outside_known = draw(st.integers(0, OTHERS))
    outside_top = draw(st.integers(0, outside_known))
    values = max(distinct + min(1, outside_known - outside_top), 0)
    return Trait(known, distinct, top, outside_known, outside_top, values, draw(st.booleans()))


@st.composite
def handovers(draw: st.DrawFn) -> Handovers:
    tested = (draw(st.integers(0, 200)), draw(st.integers(0, 200)))
    chance = st.floats(0.05, 100)
    return Handovers(sum(tested) + draw(st.integers(0, 50)), tested, (draw(chance), draw(chance)))


@st.composite
def groups(draw: st.DrawFn) -> Group:
    members = draw(st.integers(1, 40))
    work = tuple(draw(st.lists(uses(members), max_size=2)))
    declared = st.sampled_from(["evaluation", "synthetic_data", "reseller", "chat"])
    said: dict[str, Any] = {
        "accounts": np.arange(members),
        "origin": draw(st.sampled_from(["handover", "workload", "artefact", "account"])),
        "uses": work,
        "handovers": draw(st.dictionaries(st.sampled_from(sorted(HANDOVERS)), handovers())),
        "traits": draw(st.dictionaries(st.sampled_from(TRAITS), traits(members))),
        "exchanges": sum(use.exchanges for use in work) + draw(st.integers(0, 500)),
        "workloads": draw(st.integers(1, 9)),
        "declared": draw(st.dictionaries(declared, st.integers(0, members))),
        "permitted": draw(st.integers(0, members)),
        "lifecycle": draw(st.none() | lifecycles(members)),
        "mixes": draw(st.none() | any_mixes(members)),
    }
    return replace(makers.bare_group(), **said)


@st.composite
def scans(draw: st.DrawFn) -> tuple[Group, Population]:
    """A group, and a population that it is a part of."""
    group = draw(groups())
    table, seed = draw(st.booleans()), draw(st.integers(0, 50))
    return group, makers.population(size=group.size + OTHERS, seed=seed, has_accounts_table=table)
