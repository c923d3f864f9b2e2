"""Checks: whether a log can be planted in at all, and what a planting in it cannot tell."""

from __future__ import annotations

from typing import Any, Final

from stillwatch.exchanges import DeadLetters
from stillwatch.ranges.planting.errors import PlantError
from stillwatch.ranges.planting.profile import Profile

LEAST_DAYS: Final = 1 / 24
_A_DAY: Final = 1.0
_A_WEEK: Final = 7.0
_FEW_ACCOUNTS: Final = 50
_MUCH: Final = 0.2  # of the result, planted
_SOFTWARE: Final = ("user_agent", "sdk", "ja4", "header_hash")
_NETWORK: Final = ("ip", "asn", "conn_id")


def check(profile: Profile | None, dead: DeadLetters) -> Profile:
    """Return the profile of a log that can be planted in. Raises PlantError, saying why not and what to do."""
    if profile is None:
        lost = f"; {dead.total:,} rows could not be read" if dead.total else ""
        raise PlantError(
            f"no exchange was read{lost}, so there is nothing to plant in\n  fix: see `stillwatch doctor` on the log"
        )
    if "messages" not in profile.columns:
        raise PlantError(
            "the log carries no text, by which campaigns are told above all: a planted one could not be found by what "
            "it asks, only by shared addresses, cards and clients\n  fix: log prompts and answers for a day (they stay "
            "with you), or map them with --map messages=PATH"
        )
    words = profile.sample["has_messages"].to_numpy() & (profile.sample["asked"].to_numpy() > 0)
    if not words.any():
        raise PlantError(
            "the log's messages are empty\n  fix: log what was asked, or map it with --map messages=PATH"
        )
    if profile.days < LEAST_DAYS:
        raise PlantError(
            f"the log covers {profile.days * 1440:.0f} minutes: no campaign can be spread over so little, and "
            "neither pace nor hours can be tested\n  fix: give a day or more; a week shows days and nights"
        )
    return profile


def notes_on(profile: Profile, accounts_table: bool, manifest: dict[str, Any]) -> tuple[str, ...]:
    """Return what this planting cannot test, or tells only in part, a sentence each."""
    refused, days = manifest["planted"]["refused_left_out"], profile.days
    share = manifest["planted"]["exchanges"] / (manifest["planted"]["exchanges"] + profile.rows)
    unread, accounts = manifest["log"].get("unreadable_rows", 0), len(profile.accounts)
    told = (
        (days < _A_DAY, f"the log covers {24 * days:.1f} hours: nights and slow campaigns cannot be tested"),
        (
            _A_DAY <= days < _A_WEEK,
            f"the log covers {days:.1f} days: weekends and slow campaigns are not tested",
        ),
        (
            not accounts_table,
            "no accounts table was given: cards, mail, sign-up and declared use are not tested (--accounts)",
        ),
        ("output" not in profile.columns, "the log carries no answers: what is read from them is not tested"),
        (
            not set(_SOFTWARE) & profile.columns,
            "the log tells nothing of client programs: uniform clients are not tested",
        ),
        (
            not set(_NETWORK) & profile.columns,
            "the log tells nothing of networks: shared addresses and connections are not tested",
        ),
        (
            refused > 0,
            f"the log holds no refused request, so the campaign's {refused:,} were left out: retries handed from "
            "account to account are not tested",
        ),
        (
            not profile.ordered,
            "the log is not in order of time: planted rows stand where it has come as far as they",
        ),
        (accounts < _FEW_ACCOUNTS, f"{accounts} accounts of your own are few to learn from what is usual"),
        (
            share > _MUCH,
            f"planted rows are {share:.0%} of the result; among more traffic a campaign is harder to see",
        ),
        (unread > 0, f"{unread:,} rows of the log could not be read and are not in the result"),
    )
    return tuple(note for applies, note in told if applies)
