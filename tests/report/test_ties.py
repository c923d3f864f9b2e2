"""The picture of ties: every signal told apart by colour and dash, large groups drawn as few circles."""

from __future__ import annotations

from stillwatch.campaigns.model import Tie
from stillwatch.report.ties import EACH_ALONE, GROUPS, LINES, ties_picture

from .makers import campaign


def test_each_account_of_a_small_group_is_drawn_and_named() -> None:
    found = campaign(accounts=9)
    picture = ties_picture(found)
    assert picture is not None
    assert picture.svg.count('class="node"') == 9
    assert all(f"<title>{m.account_id}</title>" in picture.svg for m in found.accounts)
    assert 'role="img"' in picture.svg


def test_the_legend_counts_ties_by_signal_and_no_two_look_alike() -> None:
    picture = ties_picture(campaign(accounts=20))
    assert picture is not None
    assert len({sample for sample, _, _ in picture.legend}) == len(picture.legend) == 4
    counts = [n for _, _, n in picture.legend]
    assert counts == sorted(counts, reverse=True)


def test_a_large_group_is_drawn_as_few_circles_that_stand_for_all() -> None:
    picture = ties_picture(campaign(accounts=EACH_ALONE + 300))
    assert picture is not None
    assert picture.svg.count('class="node"') <= GROUPS
    assert "360 accounts drawn as" in picture.note


def test_a_dense_group_is_thinned_to_the_strongest_lines() -> None:
    base = campaign(accounts=40)
    ids = [m.account_id for m in base.accounts]
    ties = tuple(Tie(a, b, "shared_artefacts", 1, 0.1 * i) for i, a in enumerate(ids) for b in ids if a < b)
    picture = ties_picture(campaign(accounts=40, ties=ties))
    assert picture is not None
    assert picture.svg.count("<path") == LINES
    assert f"The strongest {LINES} of 780 lines" in picture.note


def test_the_order_of_ties_and_of_their_ends_changes_nothing() -> None:
    found = campaign()
    turned = tuple(Tie(t.b, t.a, t.signal, t.events, t.log10_e) for t in reversed(found.ties))
    assert ties_picture(found) == ties_picture(campaign(ties=turned))


def test_no_picture_of_nothing() -> None:
    assert ties_picture(campaign(ties=())) is None
    assert ties_picture(campaign(accounts=1)) is None
    stranger = (Tie("not-a-member", "nor-this", "shared_artefacts", 1, 1.0),)
    assert ties_picture(campaign(ties=stranger)) is not None
