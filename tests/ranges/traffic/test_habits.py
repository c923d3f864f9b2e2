from __future__ import annotations

import numpy as np

from stillwatch.ranges.traffic.habits import SENDS, TEMPERATURES, Habit, Habits


def test_equal_habits_have_one_number() -> None:
    habits = Habits()
    assert habits.number(Habit(top_p=0.5)) == habits.number(Habit(top_p=0.5)) != habits.number(Habit())
    assert habits.known == [Habit(top_p=0.5), Habit()]


def test_programs_leave_options_out_as_often_whatever_they_are_used_for() -> None:
    rng = np.random.default_rng(1)
    for habit in (Habit(), Habit(temperature=0.0, max_tokens=256)):
        habits = Habits()
        drawn = [habits.known[n] for n in habits.draw(rng, 4_000, habit)]
        for name, share in SENDS.items():
            sent = [getattr(h, name) for h in drawn if getattr(h, name) is not None]
            assert abs(len(sent) / len(drawn) - share) < 0.04
            assert len(set(sent)) == (len(TEMPERATURES) if name == "temperature" else 1)


def test_the_given_value_is_what_is_sent_or_one_of_the_program_itself() -> None:
    habits = Habits()
    drawn = {habits.known[n] for n in habits.draw(np.random.default_rng(1), 200, Habit(temperature=0.0, n=3))}
    assert {h.temperature for h in drawn} == {None, 0.0, 0.7, 0.2}
    assert {h.n for h in drawn} == {3}
