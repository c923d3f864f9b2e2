"""Scripts are told as whole and laid out for the kernel."""

from __future__ import annotations

import pytest

from stillwatch.ranges.text.scripts import Script, table


def test_the_table_holds_names_and_chances() -> None:
    agent = Script("a", "b", "c", tool="d", call="e", tool_names=("grep", "読む"), shots_topic=-1)
    laid = table([(Script("a", "b", "c", small_talk=0.5), list(range(10))), (agent, list(range(10, 20)))])
    assert laid.symbols.tolist() == [list(range(10)), list(range(10, 20))]
    assert laid.chances.tolist() == [[0.5, 0.0], [0.0, 0.0]]
    assert laid.tools.tolist() == [[0, 0], [0, 2]]
    names = [bytes(laid.pool[first : first + size]).decode() for first, size in laid.names]
    assert names == ["grep", "読む"]
    assert laid.shots_topic[1] == 2**64 - 1


def test_what_a_script_lacks_is_told() -> None:
    with pytest.raises(ValueError, match="tool_names"):
        Script("a", "b", "c", tool="d", call="e")
    with pytest.raises(ValueError, match="small talk"):
        Script("a", "b", "c", tool="d", call="e", tool_names=("x",), small_talk=0.1)
    with pytest.raises(ValueError, match="shares"):
        Script("a", "b", "c", refusal=1.5)
