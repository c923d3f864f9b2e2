"""Texts of columns: one by one or all at once, in one thread or several, the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from stillwatch.ranges.text import Refs, profile
from stillwatch.ranges.text.rows import argument
from tests.ranges.text.makers import refs, texts

TEXTS = texts()


def test_a_text_does_not_depend_on_its_neighbours() -> None:
    asked = refs(TEXTS.symbol("document"), 3000)  # more than the first buffer holds
    whole = TEXTS.render(asked)
    whole.validate(full=True)
    part = Refs(*(getattr(asked, name)[2990:] for name in ("symbol", "topic", "seed", "sample")))
    assert TEXTS.render(part).equals(whole[2990:])


def test_threads_write_the_same() -> None:
    asked = refs(TEXTS.symbol("answer"), 2000)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: TEXTS.render(asked), range(8)))
    assert all(array.equals(found[0]) for array in found)


def test_no_symbol_is_null_and_no_argument_is_nothing() -> None:
    asked = refs(TEXTS.symbol("instruction"), 4)
    asked.symbol[1] = -1
    found = TEXTS.render(asked, arg0=Refs.none(4)).to_pylist()
    assert found[1] is None
    assert all(text is not None for text in (found[0], found[2], found[3]))
    assert argument(None).symbol.size == argument(Refs.none(4)).symbol.size == 0


def test_a_profile_sets_the_length() -> None:
    asked = refs(TEXTS.symbol("answer"), 200)
    short, long = (TEXTS.render(asked, np.full(200, profile(said, 1))) for said in (1, 17))
    assert long.nbytes > 10 * short.nbytes


def test_no_rows_are_no_texts() -> None:
    assert TEXTS.render(refs(0, 0)).to_pylist() == []
