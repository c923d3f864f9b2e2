"""Elements escape what they are given; bars keep to their scale."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from stillwatch.report.draw import STRIP, Scale, bar, clean, el, number, scale_for, strip


@given(st.text())
def test_any_text_comes_back_from_an_element_as_it_went_in(text: str) -> None:
    parsed = ET.fromstring(str(el("p", text, title=text)))
    said = clean(text).replace("\r\n", "\n").replace("\r", "\n")
    assert (parsed.text or "") == said
    assert parsed.attrib["title"] == said.replace("\n", " ").replace("\t", " ")


def test_markup_is_nested_and_names_are_spelt_for_svg() -> None:
    made = strip(el("rect", class_="a", stroke_width=2, aria_label=None), height=5)
    assert 'viewBox="0 0 1000 5"' in made
    assert '<rect class="a" stroke-width="2"></rect>' in made
    assert 'aria-hidden="true"' in made


@given(st.lists(st.floats(-1e6, 1e6), max_size=6), st.none() | st.floats(0, 10), st.floats(-1e6, 1e6))
def test_every_value_lands_on_the_strip(values: list[float], cut: float | None, x: float) -> None:
    scale = scale_for(values, cut)
    assert 0 <= scale.at(x) <= STRIP
    if cut is not None:
        assert all(scale.holds(cut + over) for over in (0, 2, 4, 6))


def test_a_bar_that_runs_off_the_scale_is_broken() -> None:
    scale = Scale(0, 10)
    assert "gap" not in bar(scale, 0, 9, "for", height=10, thick=4)
    assert "gap" in bar(scale, 0, 11, "for", height=10, thick=4)


def test_numbers_are_short_and_never_minus_zero() -> None:
    assert [number(x) for x in (-0.01, 3.0, 2.25, 1234.56)] == ["0", "3", "2.2", "1234.6"]
