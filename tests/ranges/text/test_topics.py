"""What a topic fixes is spread as it should be; that it equals the definition is tested with the kernel."""

from __future__ import annotations

import numpy as np
from numba import njit

from stillwatch.ranges.hashing import mix
from stillwatch.ranges.text.lengths import ASKED, FREE
from stillwatch.ranges.text.program import compile_grammar
from stillwatch.ranges.text.topics import calculated, fixed_profile, focus, noun
from tests.ranges.text.makers import grammar

COMPILED = compile_grammar(grammar())


@njit
def _noun(p, topic, draw):
    return noun(p, 0, topic, draw)


def test_most_nouns_are_the_topic_s_own() -> None:
    topic = next(t for t in range(99) if _noun(COMPILED.program, np.uint64(t), np.uint64(65_535)) < 6)
    drawn = [_noun(COMPILED.program, np.uint64(topic), d) for d in mix(np.arange(4000), 1)]
    assert set(drawn) <= set(range(6))  # one domain
    assert max(np.bincount(drawn)) > 4000 * 0.7 / 5


def test_the_two_focus_nouns_differ() -> None:
    for seed in range(300):
        pair = {focus(COMPILED.program, 0, np.uint64(5), np.uint64(seed), second) for second in (0, 1)}
        assert len(pair) == 2


def test_results_of_exams_are_whole_and_in_range() -> None:
    results = [calculated(np.uint64(t)) for t in range(2000)]
    assert min(results) >= (4 - 61) // 2
    assert max(results) <= 401 * 31 // 2
    assert len(set(results)) > 500


def test_documents_of_topics_have_lengths_of_their_own() -> None:
    profiles = {fixed_profile(np.uint64(t)) for t in range(500)}
    assert profiles == {FREE + said * ASKED + asked for said in range(3, 8) for asked in range(3, 8)}
