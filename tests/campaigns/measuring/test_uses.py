"""The use of a workload is counted right: against plain Python over the rows."""

from __future__ import annotations

from collections import Counter
from math import log1p
from random import Random

import numpy as np
import pytest

from stillwatch.campaigns.measuring.uses import measure_use
from stillwatch.intents import CAPABILITIES, Label
from stillwatch.intents.labels import LANES
from stillwatch.workloads import CELLS
from tests.campaigns.makers import (
    TEMPLATE,
    bench,
    names,
    proposal,
    sent,
    traffic,
    work,
)

OTHER = 6


def random_rows(seed: int) -> list[dict]:
    """Return a month of twelve accounts in three workloads, contents often the same, answers often lacking."""
    chance = Random(seed)
    return [
        sent(
            i,
            f"a{chance.randrange(12):03}",
            chance.choice([TEMPLATE, OTHER, CELLS + 3]),
            content_key=chance.choice([None, *range(40)]),
            output_key=chance.choice([None, *range(40)]),
            status=chance.choice([200, 200, 200, 429]),
            user_chars=chance.randrange(3_000),
            output_chars=chance.randrange(900),
            n=chance.choice([None, 1, 4]),
            tools_offered=chance.choice([None, 0, 3]),
            code_share=chance.random(),
            intents=chance.choice([None, chance.getrandbits(2 * LANES)]),
        )
        for i in range(400)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_the_use_of_a_workload_agrees_with_a_count_over_the_rows(seed: int) -> None:
    rows, those = random_rows(seed), names("a", 5)
    with traffic(rows) as held:
        group = proposal(held, those, TEMPLATE)
        use = measure_use(bench(held, group), group.accounts, TEMPLATE)
        halves = held.halves
    of = [row for row in rows if row["workload"] == TEMPLATE]
    mine = [row for row in of if row["account_id"] in those]
    answered = [r for r in of if r["status"] == 200 and r["output_chars"] > 0]
    sends = Counter((r["content_key"], r["account_id"]) for r in answered if r["content_key"] is not None)
    senders = Counter(c for c, a in sends if a in those)
    others = Counter(c for c, a in sends if a not in those)
    loads = Counter(r["account_id"] for r in mine)
    assert (use.exchanges, use.holders, use.templated) == (len(mine), len(loads), True)
    assert use.answered == sum(r in answered for r in mine)
    assert use.many_samples == sum((r["n"] or 1) > 1 for r in mine)
    assert use.with_tools == sum((r["tools_offered"] or 0) > 0 for r in mine)
    labels = [r["intents"] for r in mine if r["intents"] is not None]
    assert use.classified == len(labels)
    for shift, counted in ((0, use.asked), (LANES, use.given)):
        assert counted == {
            s.slug: n for s in CAPABILITIES if (n := sum(b >> (shift + s) & 1 for b in labels))
        }
    assert use.contents == len(senders)
    assert use.repeated == sum(n for (c, a), n in sends.items() if a in those and senders[c] > 1)
    assert use.collisions == sum(k * (k - 1) // 2 for k in senders.values())
    assert use.shared_contents == len(senders.keys() & others.keys())
    assert use.meetings == sum(senders[c] * others[c] for c in senders)
    assert use.draws.tolist() == [n for _a, n in sorted(Counter(a for _c, a in sends if a in those).items())]
    assert use.outside_draws == sum(a not in those for _c, a in sends)
    assert use.loads.tolist() == [n for _a, n in sorted(loads.items())]
    assert use.holding.tolist() == [int(a[1:]) for a in sorted(loads)]
    assert use.halves.tolist() == halves[use.holding].tolist()
    assert use.user_spread == pytest.approx(np.std([log1p(r["user_chars"]) for r in mine]), abs=1e-4)
    assert int(use.outside_loads.sum()) == len(of) - len(mine)
    moments = [r["time"].timestamp() for r in mine]
    assert (use.starts.min(), use.ends.max()) == (min(moments), max(moments))


def test_what_nobody_asks_for_and_nobody_looked_for_is_not_counted() -> None:
    rows = work(names("a", 2), 3, intents=1 << Label.VISION) + work(names("b", 2), 3, 50)
    with traffic(rows) as held:
        seen, unseen = proposal(held, names("a", 2), TEMPLATE), proposal(held, names("b", 2), TEMPLATE)
        held_bench = bench(held, seen, unseen)
        used, idle = (measure_use(held_bench, each.accounts, TEMPLATE) for each in (seen, unseen))
    assert (used.classified, used.asked, used.given) == (6, {"vision": 6}, {})
    assert (used.sought, used.clearly) == ("vision", False)
    assert (idle.classified, idle.asked, idle.given) == (0, {}, {})
    assert (idle.sought, idle.clearly) == ("general", False)
