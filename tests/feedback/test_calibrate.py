"""A calibration is shown before it is made, made by a named person, and touches no threshold."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from stillwatch.campaigns.judging import decide
from stillwatch.evidence.profile import shipped_sought_profile, sought_profile
from stillwatch.feedback.calibrate import MOVED, Calibration, apply, propose
from stillwatch.feedback.counting import MOST_BY_ONE
from stillwatch.feedback.errors import FeedbackError
from stillwatch.feedback.fixtures import path_of
from stillwatch.feedback.labels import LABELS, priors, read_labels
from stillwatch.settings import Settings
from stillwatch.signals import COUNTER_SIGNALS, SIGNALS, harvest_shape, sought_capability
from tests.campaigns.makers import judged
from tests.feedback.makers import clock, harvest, measured, say
from tests.signals.makers import group, population, use

KIND = ("clear", "reasoning_elicitation")


def label(state: Path, count: int = 1, first: int = 0, **said: object) -> None:
    for i in range(first, first + count):
        say(state, f"C-{i}", measured(name=f"C-{i}"), **said)


def prior(made: Calibration, kind: tuple[str, str] = KIND) -> object:
    return next(p for p in made.priors if p.kind == kind)


def contents(state: Path) -> dict[str, str]:
    return {
        str(p.relative_to(state)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in state.rglob("*")
        if p.is_file()
    }


def test_a_proposal_writes_nothing(tmp_path: Path) -> None:
    label(tmp_path)
    before = contents(tmp_path)
    assert propose(tmp_path).labels.labels == 1
    assert contents(tmp_path) == before


def test_it_shows_each_prior_before_and_after_and_what_the_signal_says(tmp_path: Path) -> None:
    label(tmp_path, 3)
    made = propose(tmp_path)
    moved = prior(made)
    assert moved in made.moves and {p.kind for p in made.moves} == {KIND, ("shared", "10")}
    assert moved.signal == "sought_capability" and moved.honest_labels == 3 and moved.campaign_labels == 0
    shipped = shipped_sought_profile()
    assert moved.honest[0].value == pytest.approx(shipped.honest_share(KIND[1], clearly=True))
    assert moved.honest[0].value < moved.honest[1].value < moved.honest[1].interval[1]
    assert moved.log10_e[0] == pytest.approx(shipped.log10_ratio(KIND[1], clearly=True), abs=1e-5)
    assert moved.moved < -MOVED
    assert max(abs(p.moved) for p in made.priors if p not in made.moves) == 0.0


def test_every_kind_of_work_has_a_prior(tmp_path: Path) -> None:
    made = propose(tmp_path)
    assert not made.moves and made.labels.labels == 0
    assert len(made.priors) == len({p.kind for p in made.priors}) == 2 * 14 + 2 * 11


def test_applied_it_is_in_force_and_says_by_whom(tmp_path: Path) -> None:
    label(tmp_path, 2)
    made = apply(tmp_path, by=" carol ", because="reviewed", clock=clock)
    held = read_labels(tmp_path)
    assert held == made.labels and held is not None
    assert (held.applied_by, held.because, held.applied[:10]) == ("carol", "reviewed", "2026-11-20")
    assert held.entries == ["F-0001", "F-0002"]
    with priors(tmp_path):
        assert sought_profile().log10_ratio(KIND[1], clearly=True) == pytest.approx(
            prior(made).log10_e[1], abs=1e-5
        )
    again = propose(tmp_path)
    assert again.before == held and not [p for p in again.priors if p.moved]


@pytest.mark.parametrize("person", [{"by": "", "because": "x"}, {"by": "x", "because": " "}])
def test_nobody_applies_it_without_a_name_and_a_reason(tmp_path: Path, person: dict[str, str]) -> None:
    with pytest.raises(FeedbackError, match="--by NAME"):
        apply(tmp_path, **person)
    assert not (tmp_path / LABELS).exists()


def test_what_was_taken_back_goes_with_the_next_calibration(tmp_path: Path) -> None:
    label(tmp_path)
    apply(tmp_path, by="carol", because="x")
    say(tmp_path, retracts="F-0001")
    assert read_labels(tmp_path).labels == 1  # type: ignore[union-attr]
    made = apply(tmp_path, by="carol", because="y")
    assert made.labels.labels == 0 and prior(made).moved > 0  # type: ignore[attr-defined]


def test_campaign_labels_of_one_angry_analyst_hardly_move_anything(tmp_path: Path) -> None:
    label(tmp_path, 12, says="campaign")
    made = propose(tmp_path)
    moved = prior(made)
    assert moved.campaign_labels == MOST_BY_ONE
    assert 0 < moved.moved < 0.1
    assert any(f"{12 - MOST_BY_ONE} more campaign" in line for line in made.left_out)


def test_what_is_not_counted_is_said(tmp_path: Path) -> None:
    say(tmp_path, "C-1", says="unclear")
    say(tmp_path, "C-2", says="campaign"), say(tmp_path, "C-2", by="eve")
    say(tmp_path, "C-3")
    small = group(uses=(use(loads=[1] * 10, classified=5),))
    say(tmp_path, "C-4", measured(small))
    made = propose(tmp_path)
    assert made.labels.labels == 0
    assert [line.split(":")[0].split()[1] for line in made.left_out] == ["C-1", "C-2", "C-3", "C-4"]


def test_a_label_whose_fixture_is_gone_stops_it(tmp_path: Path) -> None:
    label(tmp_path)
    path_of(tmp_path, "F-0001").unlink()
    with pytest.raises(FeedbackError, match="fixture is missing"):
        apply(tmp_path, by="carol", because="x")


def test_no_threshold_ceiling_or_dial_is_touched(tmp_path: Path) -> None:
    def turned() -> list[object]:
        ceilings = [getattr(s, "ceiling", None) for s in (*SIGNALS, *COUNTER_SIGNALS)]
        judging = [
            vars(module) for name, module in sorted(sys.modules.items()) if ".campaigns.judging" in name
        ]
        constants = [{k: repr(v) for k, v in held.items() if k.isupper()} for held in judging]
        assert any(constants)
        return [ceilings, harvest_shape.ALONE, sought_capability.ALONE, constants, Settings().detection]

    def alone() -> list[float]:
        """What every signal but the two that read the profiles says of a harvest."""
        read = ("sought_capability", "harvest_shape")
        rows = [s.weigh(harvest(), population()) for s in (*SIGNALS, *COUNTER_SIGNALS) if s.name not in read]
        return [row.log10_e for row in rows if row is not None]

    before, said = turned(), alone()
    label(tmp_path, 4), label(tmp_path, 4, first=4, says="campaign", by="eve")
    made = apply(tmp_path, by="carol", because="x")
    with priors(tmp_path):
        assert turned() == before
        assert alone() == said
    assert all(p.ceiling in (harvest_shape.ALONE, harvest_shape.SIGNAL.ceiling) for p in made.priors)


def test_a_new_cut_is_the_old_one_whatever_the_labels(tmp_path: Path) -> None:
    """`decide` on given axes does not look at the priors."""
    label(tmp_path, 5)
    apply(tmp_path, by="carol", because="x")
    each = [judged(harvest(), {"coordination": 6.0, "extraction": 4.0, "evasion": 6.0})]
    before = decide(each, 0.05, 5).cut
    with priors(tmp_path):
        assert decide(each, 0.05, 5).cut == before
