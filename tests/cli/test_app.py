"""The commands there are, and the completion of them."""

from __future__ import annotations

from stillwatch.cli.app import app


def test_the_commands_are_exactly_these() -> None:
    names = {command.name for command in app.registered_commands} | {g.name for g in app.registered_groups}
    assert names == {
        "config",
        "demo",
        "doctor",
        "explain",
        "feedback",
        "ingest",
        "intents",
        "profile",
        "range",
        "scan",
        "state",
        "text",
    }
