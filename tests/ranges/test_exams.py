from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges import exams


@given(st.text(max_size=8), st.integers(0, 10**6))
def test_an_item_is_the_same_for_everybody(bank: str, number: int) -> None:
    assert exams.item(bank, number) == exams.item(bank, number)


def test_items_of_a_bank_and_of_two_banks_differ() -> None:
    first = {exams.item("a", i)[0] for i in range(500)}
    assert len(first) > 490
    assert len(first & {exams.item("b", i)[0] for i in range(500)}) < 5


def test_a_worked_solution_takes_its_figures_from_the_question() -> None:
    question, answer = exams.item("a", 3)
    text = exams.worked(Random(1), question, answer)
    assert text.endswith(answer)
    assert any(word.isdigit() and word in text for word in question.split())
    assert text != exams.worked(Random(2), question, answer)
