"""Facts of a run: from what the pipeline says, else counted from the tables."""

from __future__ import annotations

from stillwatch.report.run_facts import headline, promise, run_facts

from .makers import campaign, result, run


def test_an_account_in_two_campaigns_is_counted_once() -> None:
    found = campaign(accounts=4)
    twice = result((found, campaign(accounts=4, campaign_id="C-other")), run={})
    facts = run_facts(twice)
    assert facts.accounts == 24
    assert facts.exchanges == sum(12 + i for i in range(20)) + sum(m.exchanges for m in found.accounts)


def test_the_first_line_of_every_report() -> None:
    one = result(run=run(exchanges=1, accounts=1, false_discovery_rate=0.001))
    assert headline(one) == "1 campaign in 1 exchange, 1 account; false discoveries allowed: 1 in 1,000"


def test_the_promise_is_the_dials() -> None:
    assert "at most 5 % are false (1 in 20)" in promise(run_facts(result()))


def test_rejected_rows_are_listed_most_first_and_summed() -> None:
    facts = run_facts(result(run=run(rejected={"b": 1, "a": 1, "c": 7})))
    assert facts.rejected == (("c", 7), ("a", 1), ("b", 1))
    assert facts.rejected_rows == 9


def test_only_options_that_bear_on_what_is_found_are_shown() -> None:
    assert run_facts(result()).options == (("detection.min_accounts", "5"), ("text.retention_days", "0"))


def test_a_run_that_says_nothing_is_no_error() -> None:
    facts = run_facts(result((), run={}))
    assert (facts.cut, facts.inputs, facts.rejected, facts.secret_id) == (None, (), (), None)
