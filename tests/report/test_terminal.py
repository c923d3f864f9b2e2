"""The terminal output: the first line says it all, plain where it should be, never wider than asked."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len

from stillwatch.report.terminal import console_for, print_result, safe

from .makers import campaign, examined, result, three


def printed(said: object, width: int = 110) -> str:
    out = io.StringIO()
    print_result(said, console_for(out, width=width))  # type: ignore[arg-type]
    return out.getvalue()


def test_the_first_line_says_what_was_found_in_what_and_at_which_rate() -> None:
    first = printed(result(three())).splitlines()[0]
    assert first == "3 campaigns in 6,342 exchanges, 163 accounts; false discoveries allowed: 1 in 20"


def test_no_campaign_is_said_plainly_and_without_a_table() -> None:
    text = printed(result(()))
    assert text.startswith("0 campaigns in ")
    assert "confidence" not in text


def test_a_pipe_gets_no_colour() -> None:
    assert "\x1b" not in printed(result(three()))


def test_no_colour_is_respected_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm-256color")
    for silent in (True, False):
        monkeypatch.setenv("NO_COLOR", "1") if silent else monkeypatch.delenv("NO_COLOR")
        out = Terminal()
        print_result(result(three()), console_for(out, width=100))
        assert ("\x1b[1;31m" in out.getvalue()) is not silent


@pytest.mark.parametrize("width", [40, 60, 80, 99, 100, 140])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    wide = campaign(campaign_id="C-" + "x" * 300)
    text = printed(result((wide, *three()), examined=(examined(name="群" * 80),)), width)
    assert max(cell_len(line) for line in text.splitlines()) <= width


def test_ids_cannot_steer_the_terminal() -> None:
    hostile = campaign(campaign_id="C-\x1b[2J\u202edcba[bold]")
    text = printed(result((hostile,)), 140)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]" in text
    assert safe("a\x9bb") == "a\ufffdb"


def test_innocent_groups_and_silent_signals_are_told() -> None:
    text = printed(result(()))
    assert "Evaluation harness, 3 accounts" in text
    assert re.search(r"reasoning replay +silent +reasoning_ref", text)
    assert re.search(r"scattered registration +weaker +accounts.payment_fp, ip \(in 52 %\)", text)
