"""Readings are ordered by what they leave unexplained and by what speaks for them, and none is ruled out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.campaigns.telling.catalogue import catalogue
from stillwatch.campaigns.telling.readings import MOST_READINGS, readings
from stillwatch.campaigns.telling.retrial import Case
from stillwatch.evidence.row import AXES
from tests.campaigns.telling.cases import (
    CARRIED,
    EVEN,
    FULL,
    REPEATED,
    SCATTERED,
    SHAPE,
    SOUGHT,
    SPREAD,
    judged,
)
from tests.report.makers import evidence

NOBODY_KNOWS: frozenset[str] = frozenset()


def best(rows, counter=(), present=NOBODY_KNOWS, tested=AXES, **said):
    return readings(Case.of(judged(rows, counter, **said)), tested, present)


def test_a_firm_that_shares_everything_is_read_as_one() -> None:
    rows = [
        CARRIED,
        evidence(signal="shared_payment", block="payment", log10_e=8.0),
        evidence(signal="scattered_payment", axis="evasion", block="payment", log10_e=-4.0),
    ]
    declared = evidence(signal="declared_organisation", axis="evasion", block="registration", log10_e=-3.0)
    first = best(rows, [declared])[0]
    assert first.slug == "one_firm"
    assert set(first.speaks_for) == {"declared_organisation", "scattered_payment"}
    assert first.unexplained == () and first.fit > 0


def test_repeated_tasks_are_read_as_a_class() -> None:
    assert best([EVEN, SCATTERED, SHAPE], [REPEATED])[0].slug in ("class", "evaluation")
    assert "class" in {r.slug for r in best([EVEN, SCATTERED], [REPEATED])}


def test_what_a_reading_does_not_explain_is_named_and_left_over() -> None:
    (shared, *_rest) = (r for r in best(FULL, tested=AXES) if "scattered_payment" in r.explains)
    named = {*shared.explains, *shared.unexplained}
    assert named == {row.signal for row in FULL}
    if not shared.unexplained:
        assert max(shared.left.values()) <= 0.0


def test_a_prediction_counts_only_where_its_fields_are_there() -> None:
    fields = frozenset(("declared_use", "distillation_permitted", "org_id", "verification", "created_at"))
    blind = {r.slug: r for r in best([SHAPE, SOUGHT], size=1)}
    seeing = {r.slug: r for r in best([SHAPE, SOUGHT], size=1, present=fields)}
    assert all(r.missing == () for r in blind.values())
    for slug in blind.keys() & seeing.keys():
        assert seeing[slug].fit <= blind[slug].fit
    assert any("declared_use" in r.missing for r in seeing.values())


def test_a_single_account_gets_readings_of_a_single_account() -> None:
    several = {reading.slug for reading in catalogue() if reading.alone is False}
    assert not several & {r.slug for r in best([SHAPE, SOUGHT], tested=("extraction",), size=1)}


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(-3, 9), min_size=len(FULL), max_size=len(FULL)), st.randoms(use_true_random=False))
def test_the_best_fitting_come_first_in_any_order_of_rows(values: list[float], chance) -> None:
    rows = [evidence(**{**_fields(row), "log10_e": value}) for row, value in zip(FULL, values, strict=True)]
    once = best(rows)
    assert len(once) == MOST_READINGS
    fits = [round(r.fit, 6) for r in once]
    assert fits == sorted(fits, reverse=True)
    shuffled = chance.sample(rows, len(rows))
    assert [r.slug for r in best(shuffled)] == [r.slug for r in once]


def _fields(row) -> dict:
    return {"signal": row.signal, "axis": row.axis, "block": row.block}


def test_more_that_no_reading_explains_makes_no_reading_fit_better() -> None:
    odd = evidence(signal="something_new", axis="evasion", block="client", log10_e=4.0)
    before = {r.slug: r.fit for r in best([CARRIED, SPREAD])}
    after = {r.slug: r.fit for r in best([CARRIED, SPREAD, odd])}
    assert all(after[slug] < before[slug] for slug in before.keys() & after.keys())
