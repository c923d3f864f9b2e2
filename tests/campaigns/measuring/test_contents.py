"""Who sent what: of what was answered, and in the workloads that were asked for."""

from __future__ import annotations

import numpy as np

from stillwatch.campaigns.measuring.contents import NOTHING_SENT, contents_of, contents_part
from tests.campaigns.makers import TEMPLATE, sent, traffic


def test_only_what_was_answered_in_the_wanted_workloads_counts() -> None:
    rows = [sent(i, f"a{i % 2:03}", TEMPLATE, content_key=7, output_chars=500) for i in range(4)]
    rows.append(sent(9, "a002", TEMPLATE, content_key=7, status=429, output_chars=0))
    rows.append(sent(10, "a000", TEMPLATE + 1, content_key=8, output_chars=500))
    with traffic(rows) as held:
        found = contents_of(held, [TEMPLATE])
        assert contents_of(held, []) == {}
    assert list(found) == [TEMPLATE]
    assert found[TEMPLATE].account.tolist() == [0, 1] and found[TEMPLATE].sends.tolist() == [2, 2]


def test_where_nothing_was_sent_nothing_met() -> None:
    part = contents_part(NOTHING_SENT, np.array([0, 1]))
    assert (part["contents"], part["collisions"], part["meetings"], part["outside_draws"]) == (0, 0, 0, 0)
