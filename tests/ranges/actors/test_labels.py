from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ranges.actors.labels import Label, Labels

some = st.builds(Label, st.sampled_from("ab"), st.sampled_from(["c", None]), st.sampled_from(["d", None]))


@given(st.lists(some))
def test_equal_labels_have_one_number_that_leads_back_to_them(found: list[Label]) -> None:
    labels = Labels()
    numbers = [labels.number(label) for label in found]
    assert [labels.known[n] for n in numbers] == found
    assert len(labels.known) == len(set(found))
