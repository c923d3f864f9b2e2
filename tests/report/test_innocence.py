"""An innocent reading is told with what speaks for it, what speaks against it, and what to look up."""

from __future__ import annotations

from stillwatch.report.innocence import strongest_innocent_reading, tell, told

from .makers import campaign, evidence, grounds, pool_counter_evidence, pool_evidence, reading, three

ROWS = (*pool_evidence(), *pool_counter_evidence())


def test_a_reading_is_told_for_and_against() -> None:
    said = tell(reading(), ROWS)
    assert said.speaks_for == (
        "It would bring about conversation carried over and retry handed over as well.",
        "As it predicts, public tool (−1.6) speaks against the finding.",
    )
    assert said.speaks_against == (
        "It does not explain harvest shape (+5.2).",
        "If it were true, +3.1 on extraction would be left to chance.",
        "It would also have shown declared organisation, which did not.",
    )
    assert said.check == ("Do invoices lead to one customer?",)


def test_what_a_reading_has_nothing_to_say_of_is_left_out() -> None:
    said = tell(reading(explains=(), speaks_for=(), unexplained=(), missing=(), left={"evasion": -2.0}), ROWS)
    assert (said.speaks_for, said.speaks_against) == ((), ())


def test_of_two_rows_of_a_signal_the_heavier_is_quoted() -> None:
    rows = [evidence(signal="declared_use", log10_e=-1.0), evidence(signal="declared_use", log10_e=-6.0)]
    assert "(−6.0)" in tell(reading(speaks_for=("declared_use",)), rows).speaks_for[1]


def test_the_strongest_is_the_first_of_the_grounds() -> None:
    two = grounds((), readings=(reading(), reading(slug="class", title="A class")))
    found = campaign(grounds=two)
    assert [r.title for r in told(found)] == ["One firm with several departments", "A class"]
    assert strongest_innocent_reading(found).startswith("One firm with several departments. ")


def test_without_grounds_it_is_the_counter_evidence_that_weighs_most_else_what_is_left() -> None:
    bare = campaign(grounds=None)
    assert told(bare) == () and "four unrelated accounts" in strongest_innocent_reading(bare)
    for c in three():
        assert strongest_innocent_reading(c)
    assert "No honest explanation" in strongest_innocent_reading(campaign(grounds=None, counter_evidence=()))
