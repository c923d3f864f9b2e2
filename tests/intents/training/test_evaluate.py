"""Marks are what they are called: counted where something is known, weighed where positives are rare."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.intents.labels import LABELS, Label
from stillwatch.intents.training.evaluate import FEWEST, PREVALENCE, STRICT, mark, marks_of, strict_cut
from stillwatch.intents.training.exam import answer, join
from tests.intents.training.makers import MAIN, answers, model

SLUG = MAIN.slug


def marks(scores: list[int], known: list[int], cut: int = 0, **said: object):
    found = marks_of(answers(scores, known), MAIN, model(cut, **said))
    assert found is not None
    return found


@given(st.lists(st.integers(-99, 99), min_size=1, max_size=200), st.floats(0, 0.9))
def test_the_strict_cut_is_the_least_that_so_few_of_the_innocent_reach(
    innocent: list[int], rate: float
) -> None:
    scores = np.array(innocent, dtype=np.int32)
    cut = strict_cut(scores, rate)
    assert (scores >= cut).sum() <= int(rate * len(scores))
    assert (scores >= cut - 1).sum() > int(rate * len(scores))


def test_who_tells_all_from_all_has_full_marks() -> None:
    found = marks([50] * 30 + [-50] * 70, [1] * 30 + [0] * 70)
    assert (found.positives, found.negatives) == (30, 70)
    assert (found.auprc, found.recall_strict, found.recall, found.false_positives) == (1.0, 1.0, 1.0, 0.0)


def test_who_tells_nothing_has_the_marks_of_chance() -> None:
    found = marks([7] * 1_000, [1] * 100 + [0] * 900)
    assert found.auprc == pytest.approx(PREVALENCE, abs=1e-4)
    assert (found.recall_strict, found.recall, found.false_positives) == (0.0, 1.0, 1.0)


def test_how_many_of_each_were_examined_changes_no_mark_but_the_counts() -> None:
    scores, known = list(range(100)), [int(i % 10 > 5) for i in range(100)]
    one, more = marks(scores, known, 50), marks(scores * 3 + [0], known * 3 + [-1], 50)
    assert more == replace(one, positives=3 * one.positives, negatives=3 * one.negatives)


def test_the_marks_at_a_cut_count_who_reaches_it() -> None:
    found = marks([*range(40), *range(-20, 20)], [1] * 40 + [0] * 40, cut=10)
    assert found.recall == pytest.approx(30 / 40) and found.false_positives == pytest.approx(10 / 40)


def test_the_strict_recall_pays_for_a_single_high_scorer_among_few_innocent() -> None:
    found = marks([10] * 30 + [0] * 70 + [20], [1] * 30 + [0] * 71)
    assert found.recall_strict == 0.0
    many = marks([10] * 30 + [0] * int(2 / STRICT) + [20], [1] * 30 + [0] * (int(2 / STRICT) + 1))
    assert many.recall_strict == 1.0


def test_what_is_unknown_or_not_chosen_is_not_marked() -> None:
    whole = answers([5] * 30 + [-5] * 30 + [5] * 30, [1] * 30 + [0] * 30 + [-1] * 30)
    alone = marks_of(answers([5] * 30 + [-5] * 30, [1] * 30 + [0] * 30), MAIN, model())
    assert marks_of(whole, MAIN, model()) == alone
    chosen = np.arange(90) < 60
    spoilt = answers([5] * 30 + [-5] * 30 + [99] * 30, [1] * 30 + [0] * 60)
    assert marks_of(spoilt, MAIN, model(), chosen) == alone


@pytest.mark.parametrize(("positives", "negatives"), [(FEWEST - 1, 50), (50, 0), (0, 0)])
def test_too_few_to_mark_are_not_marked(positives: int, negatives: int) -> None:
    few = answers([1] * (positives + negatives), [1] * positives + [0] * negatives)
    assert marks_of(few, MAIN, model()) is None
    assert mark(few, {}, model()).labels == {}


def test_probabilities_that_come_true_have_no_error_and_sure_mistakes_have_all_of_it() -> None:
    scores, known = [10] * 30 + [-10] * 70, [1] * 30 + [0] * 70
    assert marks(scores, known).calibration_error == 0.0
    assert marks(scores, known, levels=(1.0, 0.0)).calibration_error == 1.0
    shares = marks([0] * 100, [1] * 50 + [0] * 50, levels=(PREVALENCE, PREVALENCE))
    assert shares.calibration_error == pytest.approx(0.0, abs=1e-4)


def test_a_report_has_marks_by_label_language_source_and_family() -> None:
    parts = [
        answers([5] * 20 + [-5] * 30, [1] * 20 + [0] * 30, family="full_trace", language="de", source="exam"),
        answers(
            [-5] * 25 + [-5] * 30, [1] * 25 + [0] * 30, family="inline_tags", language="fr", source="other"
        ),
        answers([9] * 30 + [-9] * 30, [1] * 30 + [0] * 30, Label.VISION, language="it"),
    ]
    report = mark(join(parts), {}, model())
    assert list(report.labels) == [SLUG, "vision"]
    assert {name: m.recall for name, m in report.languages.items()} == {"de": 1.0, "fr": 0.0}
    assert {name: m.recall for name, m in report.sources.items()} == {"exam": 1.0, "other": 0.0}
    assert report.families == {"full_trace": 1.0, "inline_tags": 0.0}
    assert report.labels["vision"].recall == 1.0


def test_the_five_innocent_families_most_often_given_a_label_are_named_most_first() -> None:
    shares = {"a": 0.9, "b": 0.1, "c": 0.5, "d": 0.5, "e": 0.2, "f": 0.4, "g": 0.0}
    parts = [
        answers([1] * round(10 * s) + [-1] * round(10 - 10 * s), [0] * 10, family=n)
        for n, s in shares.items()
    ]
    parts.append(answers([1] * 30, [1] * 30, family="guilty"))
    parts.append(answers([1] * 30, [-1] * 30, family="unknown"))
    report = mark(join(parts), {}, model())
    assert list(report.look_alikes[SLUG].items()) == [
        ("a", 0.9),
        ("c", 0.5),
        ("d", 0.5),
        ("f", 0.4),
        ("e", 0.2),
    ]
    assert report.look_alikes.keys() == set(LABELS)
    assert not any(found for slug, found in report.look_alikes.items() if slug != SLUG)


def test_families_that_are_never_given_a_label_are_not_named_beside_it() -> None:
    parts = [answers([1, -1], [0, 0], family="often"), answers([-1, -1], [0, 0], family="never")]
    assert mark(join(parts), {}, model()).look_alikes[SLUG] == {"often": 0.5}


def test_a_fixture_is_wrong_where_it_reaches_the_cut() -> None:
    at = {name: answers([score], [0]).scores[0] for name, score in (("under", 6), ("at", 7), ("over", 8))}
    assert mark(answers([1], [0]), at, model(cut=7)).fixtures == {"under": False, "at": True, "over": True}


def test_a_report_is_plain_values() -> None:
    whole = answers([5] * 30 + [-5] * 30, [1] * 30 + [0] * 30)
    report = mark(whole, {"x": whole.scores[0]}, model())
    told = json.loads(json.dumps(report.as_dict()))
    assert told["labels"][SLUG]["positives"] == 30 and told["fixtures"] == {"x": True}
    assert told.keys() == {"labels", "languages", "families", "sources", "look_alikes", "fixtures"}


def test_nothing_examined_is_a_report_without_marks() -> None:
    report = mark(answer([], model()), {}, model())
    assert not any((report.labels, report.languages, report.families, report.sources, report.fixtures))
