"""A gap names the signal it silences, and only those it does."""

from __future__ import annotations

from stillwatch.campaigns.coverage import ANY_SUFFICES
from stillwatch.campaigns.model import FieldCoverage
from stillwatch.report.gaps import Gap, gaps

from .makers import coverage

LENIENT = min(ANY_SUFFICES)


def test_an_absent_field_silences_the_signal_that_needs_it() -> None:
    assert gaps([FieldCoverage("conn_id", 0.0, ("s",)), FieldCoverage("ip", 1.0, ("s",))]) == (
        Gap("s", True, (("conn_id", 0.0),)),
    )


def test_a_signal_that_reads_whichever_are_there_is_silent_only_without_all() -> None:
    some = [FieldCoverage("ja4", 0.0, (LENIENT,)), FieldCoverage("sdk", 1.0, (LENIENT,))]
    none = [FieldCoverage("ja4", 0.0, (LENIENT,)), FieldCoverage("sdk", 0.0, (LENIENT,))]
    assert [g.silent for g in gaps(some)] == [False]
    assert [g.silent for g in gaps(none)] == [True]


def test_a_field_of_either_table_serves() -> None:
    assert gaps([FieldCoverage("org_id", 0.0, ("s",)), FieldCoverage("accounts.org_id", 1.0, ("s",))]) == ()


def test_a_few_missing_values_are_everyday() -> None:
    assert gaps([FieldCoverage("output", 0.97, ("s",))]) == ()
    assert not gaps([FieldCoverage("output", 0.5, ("s",))])[0].silent


def test_the_silent_come_first_and_fields_nobody_needs_are_left_out() -> None:
    found = gaps((*coverage(), FieldCoverage("ttft_ms", 0.0, ())))
    assert [g.silent for g in found] == sorted((g.silent for g in found), reverse=True)
    assert all("ttft_ms" not in dict(g.fields) for g in found)
