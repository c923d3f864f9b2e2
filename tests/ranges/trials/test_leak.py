"""What leaks before the first report, read from growing prefixes."""

from __future__ import annotations

import json

from stillwatch.ranges.trials.leak import RESOLUTION, as_record, leaks, scan_prefixes, show
from stillwatch.ranges.trials.leak_times import by_growth
from stillwatch.ranges.trials.leak_truth import read_leak_truth
from stillwatch.ranges.trials.trial import Trial
from tests.ranges.trials.makers import prefix, sight, truth

COPPER = truth({"copper": [(1 + h, f"a{h % 4}") for h in range(20)]})
PREFIXES = [
    prefix(3, sight(2)),
    prefix(5, sight(4, accused=2, reported_as="C-1")),
    prefix(9, sight(8, accused=1)),
    prefix(21, sight(20, accused=4, reported_as="C-1")),
]


def test_a_leak_ends_with_the_first_report() -> None:
    (leak,) = leaks(COPPER, PREFIXES)
    assert (leak.reported_as, leak.leaked_exchanges, leak.leaked_tokens) == ("C-1", 4, 40)
    assert (leak.exchanges, leak.leaked_share) == (20, 0.2)
    assert (leak.hours, leak.half_hours, leak.most_hours) == (4.0, 4.0, 20.0)


def test_what_had_leaked_a_step_before_is_told_with_it() -> None:
    (leak,) = leaks(COPPER, PREFIXES)
    assert (leak.before_exchanges, leak.before_hours) == (2, 2.0)
    (first,) = leaks(COPPER, PREFIXES[1:])
    assert (first.before_exchanges, first.before_hours) == (0, 0.0)


def test_what_is_never_reported_leaks_all() -> None:
    (leak,) = leaks(COPPER, [prefix(3, sight(2)), prefix(21, sight(20))])
    assert (leak.reported_as, leak.hours, leak.half_hours) == (None, None, None)
    assert (leak.leaked_exchanges, leak.before_exchanges, leak.leaked_share) == (20, 20, 1.0)


def test_the_table_and_the_record_state_the_resolution() -> None:
    found = leaks(COPPER, PREFIXES)
    text = show(found, PREFIXES)
    assert "copper" in text and "20.0%" in text and RESOLUTION in text
    told = json.loads(json.dumps(as_record(found, PREFIXES)))
    assert told["resolution"] == RESOLUTION
    assert told["campaigns"][0]["leaked_share"] == 0.2
    assert told["prefixes"][0]["until"] == "2026-06-01T03:00:00+00:00"


def test_prefixes_of_a_range_are_scanned_up_to_the_whole(trial: Trial) -> None:
    known = read_leak_truth(trial.log)
    half = int(known.time[len(known.time) // 2])
    told = []
    ends = [half, *by_growth(known.times, known.last, 1)]
    prefixes = scan_prefixes(trial.log, known, ends, progress=told.append)
    assert told == prefixes
    assert prefixes[0].exchanges < prefixes[1].exchanges <= trial.exchanges
    (leak,) = leaks(known, prefixes)
    assert leak.exchanges == known.answered.sum()
    assert leak.accounts == 4
