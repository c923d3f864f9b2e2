"""Room for results: enough for any text, and roles read right."""

from __future__ import annotations

import pyarrow as pa

from stillwatch.sketches import sketch
from stillwatch.sketches.buffers import texts
from stillwatch.sketches.layout import ASSISTANT, OTHER, QUOTED_CAP, TOOL, USER, role_codes
from stillwatch.sketches.marks import CAP

from .makers import SECRET, batch, exchange, turn


def test_roles_have_their_codes() -> None:
    said = ["user", "assistant", "tool", "system", "", None, "User", "assistants"]
    codes = role_codes(texts(pa.array(said)))
    assert list(codes) == [USER, ASSISTANT, TOOL, OTHER, OTHER, OTHER, OTHER, OTHER]


def test_texts_that_expand_most_fit() -> None:
    dense = ["ﷺ", "㌖", "㍿" * 9, "ﷺ㌖" * 300, "漢" * 5000, "a " * 5000]
    rows = [
        exchange(system=text, output=text, messages=[turn(role, text) for role in ("user", "tool", "user")])
        for text in dense
    ]
    for row in sketch(batch(*rows), SECRET).to_pylist():
        assert 0 < len(row["system_shingles"]) <= CAP
        assert 0 < len(row["output_marks"]) <= CAP
        assert 0 < len(row["quoted_marks"]) <= QUOTED_CAP
