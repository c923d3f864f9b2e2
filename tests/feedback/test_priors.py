"""Labels make honest kinds less telling and nothing else more; the ratio stays an e-value under both references."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.evidence.profile import HARVESTS_SEEK, shipped_shape_profile, shipped_sought_profile
from stillwatch.feedback.priors import (
    MOST,
    WORTH,
    LabelledShape,
    LabelledSought,
    Share,
    harvest,
    honest,
    with_labels,
)

SLUGS = sorted(HARVESTS_SEEK)
PLACES = range(len(shipped_shape_profile().harvest))
KINDS = [(clearly, slug) for clearly in (True, False) for slug in SLUGS]
TABLES = st.fixed_dictionaries(
    {
        **{t: st.dictionaries(st.sampled_from(SLUGS), st.integers(0, 60)) for t in ("clear", "leaning")},
        **{
            t: st.dictionaries(st.sampled_from([str(i) for i in PLACES]), st.integers(0, 60))
            for t in ("single", "shared")
        },
    }
)
ROOM = 1 + 1e-9


def sought(profile: LabelledSought) -> np.ndarray:
    return np.array([profile.log10_ratio(slug, clearly=clearly) for clearly, slug in KINDS])


def shape(profile: LabelledShape) -> np.ndarray:
    return np.array([profile.log10_ratio(i, shared=s) for s in (True, False) for i in PLACES])


def test_without_labels_the_shipped_profiles_stand() -> None:
    plain = with_labels({}, {})
    shipped = shipped_sought_profile(), shipped_shape_profile()
    assert sought(plain[0]) == pytest.approx(sought(shipped[0]))  # type: ignore[arg-type]
    assert shape(plain[1]) == pytest.approx(shape(shipped[1]))  # type: ignore[arg-type]


@given(TABLES, TABLES, st.data())
def test_one_more_honest_label_makes_its_kind_less_telling_and_no_other_more(
    labels: dict, campaigns: dict, data: st.DataObject
) -> None:
    table = data.draw(st.sampled_from(sorted(labels)))
    place = data.draw(st.sampled_from(SLUGS if table in ("clear", "leaning") else [str(i) for i in PLACES]))
    more = labels | {table: labels[table] | {place: labels[table].get(place, 0) + 1}}
    before, after = with_labels(labels, campaigns), with_labels(more, campaigns)
    steps = np.concatenate([sought(after[0]) - sought(before[0]), shape(after[1]) - shape(before[1])])
    assert steps.max() <= 1e-12
    assert (steps < 0).sum() == 1  # its own, and it moves


@given(TABLES, TABLES, st.data())
def test_one_more_campaign_label_makes_its_kind_no_less_telling_and_no_other_more(
    labels: dict, campaigns: dict, data: st.DataObject
) -> None:
    slug = data.draw(st.sampled_from(SLUGS))
    more = campaigns | {"clear": campaigns["clear"] | {slug: campaigns["clear"].get(slug, 0) + 1}}
    before, after = sought(with_labels(labels, campaigns)[0]), sought(with_labels(labels, more)[0])
    own = np.array([name == slug for _clearly, name in KINDS])
    assert (after - before)[own].min() >= -1e-12
    assert (after - before)[~own].max() <= 1e-12


@given(TABLES, TABLES)
def test_however_many_campaigns_are_labelled_a_kind_is_at_most_so_much_more_telling(
    labels: dict, campaigns: dict
) -> None:
    plain, held = with_labels({}, {}), with_labels(labels, campaigns)
    assert (sought(held[0]) - sought(plain[0])).max() <= np.log10(MOST) + 1e-9
    assert (shape(held[1]) - shape(plain[1])).max() <= np.log10(MOST) + 1e-9


@given(TABLES, TABLES)
def test_the_mean_is_at_most_one_under_the_shipped_reference_and_under_the_labelled_one(
    labels: dict, campaigns: dict
) -> None:
    held, shipped = with_labels(labels, campaigns)[0], shipped_sought_profile()
    e = 10 ** sought(held)
    counts = np.array([shipped.honest_share(slug, clearly=c) * shipped.total for c, slug in KINDS])
    added = np.array([labels["clear" if c else "leaning"].get(slug, 0) for c, slug in KINDS])
    for reference in (counts, counts + added):
        assert reference / reference.sum() @ e <= ROOM


@given(TABLES, TABLES, st.booleans())
def test_so_it_is_for_shapes(labels: dict, campaigns: dict, shared: bool) -> None:
    held, shipped = with_labels(labels, campaigns)[1], shipped_shape_profile()
    e = np.array([10 ** held.log10_ratio(i, shared=shared) for i in PLACES])
    counts = np.array(shipped.shared if shared else shipped.single) + 0.5
    added = np.array([labels["shared" if shared else "single"].get(str(i), 0) for i in PLACES])
    for reference in (counts, counts + added):
        assert reference / reference.sum() @ e <= ROOM


@given(TABLES)
def test_the_shares_of_harvests_sum_to_at_most_one(campaigns: dict) -> None:
    held = with_labels({}, campaigns)
    assert sum(held[0].harvest_share(slug) for slug in SLUGS) <= ROOM
    assert sum(held[1].harvest_share(i) for i in PLACES) <= ROOM


def test_a_share_lies_in_its_interval_and_labels_narrow_it() -> None:
    before, after = honest(0.01, 100.0, 0), honest(0.01, 100.0, 5)
    for share in (before, after):
        assert share.interval[0] <= share.value <= share.interval[1]
    assert after.value == pytest.approx(6 / 105)


def test_a_share_of_harvests_is_held_with_its_interval() -> None:
    held = harvest(0.05, WORTH, 500, 500)
    assert held.value == held.interval[1] == pytest.approx(MOST * 0.05)
    assert Share(1.0, 1.0).value == 0.5
