"""What every signal keeps to, for and against."""

from __future__ import annotations

import inspect
import math
import re
import sys
from dataclasses import fields as fields_of
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings

from stillwatch.evidence.evalues import CEILING
from stillwatch.evidence.group import Group, Population, Signal, Use
from stillwatch.evidence.row import AXES, Block, Evidence
from stillwatch.signals import COUNTER_SIGNALS, SIGNALS
from tests.signals.makers import bare_group, group, population
from tests.signals.strategies import scans

EVERY: tuple[Signal, ...] = (*SIGNALS, *COUNTER_SIGNALS)
LOOKS_AROUND = {
    "rare_template",
    "joint_window",
    "capability_concentration",
}  # at the population, by their nulls
PLACE = re.compile(r"\b(country|language|time.?zone|plan|vpn|ip_class|geo)\b", re.IGNORECASE)

each_signal = pytest.mark.parametrize("signal", EVERY, ids=lambda s: f"{s.name}-{s.axis}")
each_counter_signal = pytest.mark.parametrize("signal", COUNTER_SIGNALS, ids=lambda s: f"{s.name}-{s.axis}")


def ceiling_of(signal: Signal) -> float:
    return float(getattr(signal, "ceiling", CEILING))


def same(one: Evidence | None, other: Evidence | None) -> bool:
    """Whether two rows say the same, to the rounding of sums in another order."""
    if one is None or other is None:
        return one is other
    alike = math.isclose(one.log10_e, other.log10_e, rel_tol=1e-9, abs_tol=1e-9)
    return alike and replace(one, log10_e=0.0) == replace(other, log10_e=0.0)


def reordered(use: Use, random: np.random.Generator) -> Use:
    """Return the same use with its holders, and those outside, in another order."""
    inside, outside = random.permutation(len(use.loads)), random.permutation(len(use.outside_loads))
    said = {
        field.name: getattr(use, field.name)[outside if field.name.startswith("outside") else inside]
        for field in fields_of(use)
        if isinstance(getattr(use, field.name), np.ndarray)
    }
    return replace(use, **said)


def reordered_population(everybody: Population, random: np.random.Generator) -> Population:
    at = random.permutation(everybody.size)
    return replace(
        everybody,
        loads=everybody.loads[at],
        starts=everybody.starts[at],
        ends=everybody.ends[at],
        work_starts=everybody.work_starts[at],
        work_ends=everybody.work_ends[at],
        main_shares=random.permutation(everybody.main_shares),
    )


def later(accused: Group, everybody: Population, seconds: float) -> tuple[Group, Population]:
    """Return the same scan with every time shifted."""
    times = ("starts", "ends", "outside_starts", "outside_ends")
    uses = tuple(replace(u, **{name: getattr(u, name) + seconds for name in times}) for u in accused.uses)
    moments = ("starts", "ends", "work_starts", "work_ends")
    moved = replace(everybody, **{name: getattr(everybody, name) + seconds for name in moments})
    return replace(accused, uses=uses), moved


def test_no_two_signals_share_a_name_on_one_axis() -> None:
    assert len({(signal.name, signal.axis) for signal in EVERY}) == len(EVERY)


@each_signal
def test_a_signal_has_its_place(signal: Signal) -> None:
    assert signal.axis in AXES
    assert signal.block in get_args(Block)
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", signal.name)


@each_signal
def test_a_signal_states_its_null_in_one_sentence(signal: Signal) -> None:
    assert signal.null.strip() == signal.null
    assert len(signal.null.split()) >= 4
    assert "." not in signal.null


@each_signal
def test_country_language_and_the_like_are_no_field_of_a_signal(signal: Signal) -> None:
    assert not [field for field in signal.fields if PLACE.search(field)]


@each_signal
def test_the_docstring_states_null_and_evidence(signal: Signal) -> None:
    module = sys.modules[type(signal).__module__]
    if signal.name in ("conversation_carried", "answers_passed", "reasoning_replay", "retry_handed_over"):
        module = sys.modules[f"stillwatch.signals.{signal.name}"]
    assert re.search(r"^Null\s{2,}\S", inspect.getdoc(module) or "", re.MULTILINE)
    assert re.search(r"^Evidence\s{2,}\S", inspect.getdoc(module) or "", re.MULTILINE)


@each_signal
def test_without_its_fields_a_signal_says_nothing(signal: Signal) -> None:
    assert signal.weigh(bare_group(), population()) is None


@each_signal
@settings(max_examples=25)
@given(scan=scans())
def test_a_row_is_explained_and_never_above_its_ceiling(
    signal: Signal, scan: tuple[Group, Population]
) -> None:
    row = signal.weigh(*scan)
    if row is None:
        return
    assert math.isfinite(row.log10_e)
    assert row.log10_e <= ceiling_of(signal)
    assert (row.signal, row.axis, row.block) == (signal.name, signal.axis, signal.block)
    assert row.null and row.observed and row.expected
    assert row.summary.endswith(".") and len(row.summary.split()) >= 5
    assert row.fields and set(row.fields) <= set(signal.fields)
    assert isinstance(row.n, int) and row.n >= 1


@each_signal
@settings(max_examples=16)
@given(scan=scans())
def test_neither_the_order_nor_the_names_of_accounts_matter(
    signal: Signal, scan: tuple[Group, Population]
) -> None:
    accused, everybody = scan
    random = np.random.default_rng(3)
    renamed = replace(
        accused,
        accounts=np.sort(random.permutation(everybody.size)[: accused.size]),
        uses=tuple(reordered(use, random) for use in accused.uses),
        traits=dict(reversed(accused.traits.items())),
        handovers=dict(reversed(accused.handovers.items())),
    )
    assert same(
        signal.weigh(renamed, reordered_population(everybody, random)), signal.weigh(accused, everybody)
    )


@each_signal
@settings(max_examples=12)
@given(scan=scans())
def test_shifting_time_by_whole_weeks_changes_no_e_value(
    signal: Signal, scan: tuple[Group, Population]
) -> None:
    before = signal.weigh(*scan)
    after = signal.weigh(*later(*scan, 3 * 7 * 24 * 3600.0))
    assert (before is None) == (after is None)
    assert before is None or after is None or before.log10_e == pytest.approx(after.log10_e)


@each_signal
def test_the_same_group_is_weighed_the_same_again(signal: Signal) -> None:
    assert signal.weigh(group(), population()) == signal.weigh(group(), population())


@pytest.mark.parametrize("signal", [s for s in EVERY if s.name not in LOOKS_AROUND], ids=lambda s: s.name)
@settings(max_examples=10)
@given(scan=scans())
def test_unrelated_accounts_move_no_signal_that_does_not_look_at_them(
    signal: Signal, scan: tuple[Group, Population]
) -> None:
    accused, everybody = scan
    table = everybody.has_accounts_table
    crowd = population(size=everybody.size + 900, seed=77, has_accounts_table=table)
    assert same(signal.weigh(accused, crowd), signal.weigh(accused, everybody))


@each_counter_signal
@settings(max_examples=40)
@given(scan=scans())
def test_counter_evidence_never_raises_an_axis(signal: Signal, scan: tuple[Group, Population]) -> None:
    row = signal.weigh(*scan)
    assert row is None or row.log10_e <= 0


def test_a_plausible_group_is_heard_on_every_axis_and_block() -> None:
    rows = [row for signal in SIGNALS if (row := signal.weigh(group(), population())) is not None]
    assert {row.axis for row in rows} == set(AXES)
    assert {row.block for row in rows} == set(get_args(Block))
