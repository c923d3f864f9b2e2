"""The table of names is whole: canonical fields only, each name once a field, every one on its page."""

from __future__ import annotations

from pathlib import Path

from stillwatch.exchanges.otel import aliases
from stillwatch.exchanges.schema import EXCHANGE_SCHEMA

PAGE = Path(__file__).parents[3] / "docs" / "formats" / "otlp.md"
LISTS = {
    name: value
    for name, value in vars(aliases).items()
    if name.isupper() and isinstance(value, tuple) and all(isinstance(one, str) for one in value)
}


def test_every_field_is_canonical():
    assert set(aliases.ALIASES) <= set(EXCHANGE_SCHEMA.names)


def test_no_name_stands_twice_in_a_field():
    for names in [*LISTS.values(), *(alias.names for alias in aliases.ALIASES.values())]:
        assert len(set(names)) == len(names)


def test_every_name_is_documented():
    page = PAGE.read_text(encoding="utf-8")
    names = {name for listed in LISTS.values() for name in listed}
    names |= {name for alias in aliases.ALIASES.values() for name in alias.names}
    assert sorted(name for name in names if f"`{name}`" not in page) == []


def test_the_account_of_the_emitting_cloud_is_nobodys_account():
    assert "cloud.account.id" not in aliases.ACCOUNT
