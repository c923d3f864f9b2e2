"""Linking against its definitions over pairs of accounts."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.scoring import linking as module
from stillwatch.ranges.scoring.linking import link, linking

from .makers import held, sent, tallied, write_results, write_truth

Account = tuple[tuple[str, ...], tuple[str, ...]]
labels = st.sets(st.sampled_from("abcd"), max_size=3).map(lambda s: tuple(sorted(s)))
accounts = st.lists(st.tuples(labels, labels), min_size=1, max_size=14)


def naive_pairs(items: list[Account]) -> tuple[int, int, int]:
    true = reported = both = 0
    for one, two in combinations(items, 2):
        t, r = bool(set(one[0]) & set(two[0])), bool(set(one[1]) & set(two[1]))
        true, reported, both = true + t, reported + r, both + (t and r)
    return true, reported, both


def naive_bcubed(items: list[Account]) -> tuple[float, float]:
    """Amigó et al. (2009), section 5: multiplicity precision and recall over pairs, an element's own included."""
    whole = [(set(t) or {f"alone {i}"}, set(r) or {f"alone {i}"}) for i, (t, r) in enumerate(items)]
    averages = []
    for side in (1, 0):
        sums = []
        for one in whole:
            ratios = []
            for two in whole:
                mine, other = len(one[side] & two[side]), len(one[1 - side] & two[1 - side])
                if mine:
                    ratios.append(min(mine, other) / mine)
            sums.append(sum(ratios) / len(ratios))
        averages.append(sum(sums) / len(sums))
    return averages[0], averages[1]


@given(accounts)
def test_counting_signatures_agrees_with_counting_pairs(items: list[Account]) -> None:
    found = link((item, 1) for item in items)
    assert (found.true_pairs, found.reported_pairs, found.right_pairs) == naive_pairs(items)
    assert (found.bcubed_precision, found.bcubed_recall) == pytest.approx(naive_bcubed(items))


@given(accounts, st.integers(1, 4))
def test_a_count_stands_for_as_many_accounts_and_blocks_do_not_matter(
    items: list[Account], rows: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "ROWS", rows)
        counted = link((item, 2) for item in items)
    one_by_one = link((item, 1) for item in items * 2)
    assert counted.right_pairs == one_by_one.right_pairs
    assert counted.bcubed_f1 == pytest.approx(one_by_one.bcubed_f1)


def test_bagga_and_baldwins_example() -> None:
    """Their table: truth 1-5, 6-7, 8-C; the response joins the last two, or the first and the last."""
    truth = ["one"] * 5 + ["two"] * 2 + ["three"] * 5
    first = ["one"] * 5 + ["joined"] * 7
    second = ["joined"] * 5 + ["two"] * 2 + ["joined"] * 5
    scored = [
        link((((t,), (r,)), 1) for t, r in zip(truth, response, strict=True)) for response in (first, second)
    ]
    assert [round(s.bcubed_precision or 0, 2) for s in scored] == [0.76, 0.58]
    assert [s.bcubed_recall for s in scored] == [pytest.approx(1.0)] * 2


def test_the_wrongly_accused_count_and_the_honest_left_alone_do_not(tmp_path: Path) -> None:
    truth = write_truth(tmp_path / "t", *(sent(a, 1, "x") for a in "abc"), sent("h"), sent("i"))
    results = write_results(tmp_path / "r", [held("a", "C"), held("b", "C"), held("h", "C"), held("i")])
    with tallied(results, truth) as database:
        found = linking(database)
    assert (found.accounts, found.true_pairs, found.reported_pairs, found.right_pairs) == (4, 3, 3, 1)
    assert found.pair_precision == found.pair_recall == pytest.approx(1 / 3)
    assert found.bcubed_precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert found.bcubed_recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)


def test_nobody_is_linked_to_nobody() -> None:
    found = link([])
    assert found.accounts == 0 and found.bcubed_f1 is None and found.pair_precision is None


def test_many_lone_accounts_are_one_signature() -> None:
    found = link((((), (f"c{i}",)), 1) for i in range(50_000))
    assert (
        found.accounts == 50_000
        and found.reported_pairs == 0
        and found.bcubed_precision == pytest.approx(1.0)
    )
