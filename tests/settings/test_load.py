"""Settings: every mistake is told at once, with its place and its fix; nothing is taken silently."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.settings import Settings, SettingsError, load_settings, read_settings

NO_ENV: dict[str, str] = {}


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Return a function that writes the configuration file and returns its path."""

    def _write(text: str) -> Path:
        path = tmp_path / "stillwatch.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return _write


def test_without_a_file_the_defaults_hold() -> None:
    assert load_settings(None, NO_ENV) == Settings()


@pytest.mark.parametrize("text", ["", "---\n", "detection:\n", "detection: {}\nrun:\n"])
def test_an_empty_file_or_section_means_the_defaults(write: Any, text: str) -> None:
    assert load_settings(write(text), NO_ENV) == Settings()


def test_the_file_sets_and_keeps_the_rest(write: Any) -> None:
    settings = load_settings(write("detection:\n  false_discovery_rate: 0.01\n"), NO_ENV)
    assert settings.detection.false_discovery_rate == 0.01
    assert settings.detection.min_accounts == Settings().detection.min_accounts


def test_every_mistake_is_listed_with_its_line_and_a_fix(write: Any) -> None:
    path = write(
        "detection:\n  false_discovery_rate: 5%\n  min_acounts: 3\nrun: {threads: two}\noutptu: {}\n"
    )
    with pytest.raises(SettingsError) as caught:
        load_settings(path, NO_ENV)
    places = [(p.place, p.path) for p in caught.value.problems]
    assert places == [
        (f"{path}:2", "detection.false_discovery_rate"),
        (f"{path}:3", "detection.min_acounts"),
        (f"{path}:4", "run.threads"),
        (f"{path}:5", "outptu"),
    ]
    assert all(p.fix for p in caught.value.problems)
    assert "write `min_accounts`" in str(caught.value)


def test_a_key_given_twice_is_a_mistake(write: Any) -> None:
    with pytest.raises(SettingsError, match="is given twice"):
        load_settings(write("text:\n  retention_days: 1\n  retention_days: 2\n"), NO_ENV)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [1", "is not YAML"),
        ("- 1\n- 2\n", "is not a mapping"),
        ("detection: 4\n", "should be an object"),
        ("detection: {false_discovery_rate: .nan}\n", "finite"),
        ("detection: {false_discovery_rate: 1}\n", "less than 1"),
        ("detection: {false_discovery_rate: '0.1'}\n", "valid number"),
        ("detection: {min_accounts: 5.0}\n", "valid integer"),
        ("run: {memory_limit: 4}\n", "valid string"),
        ("run: {memory_limit: 4 parsecs}\n", "such as 4GB"),
        ("run: {memory_limit: 1MB}\n", "too little"),
        ("run: {memory_limit: 999MB}\n", "the least is 1GB"),
        ("input: {constants: {status: 200}}\n", "valid string"),
        ("!!python/object:os.system {}\n", "is not YAML"),
    ],
)
def test_wrong_values_are_refused_in_words(write: Any, text: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        load_settings(write(text), NO_ENV)
    assert len(caught.value.problems) == 1
    assert "  fix: " in str(caught.value)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(tmp_path / "none.yaml", NO_ENV)


def test_a_file_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_bytes(b"text: \xff\n")
    with pytest.raises(SettingsError, match="not UTF-8 at byte 6"):
        load_settings(path, NO_ENV)


def test_the_environment_outranks_the_file_and_options_outrank_both(write: Any) -> None:
    path = write("detection:\n  min_accounts: 6\n")
    env = {"STILLWATCH__DETECTION__MIN_ACCOUNTS": "7"}
    assert load_settings(path, env).detection.min_accounts == 7
    loaded = read_settings(path, env, {"--min": ("detection.min_accounts", 8)})
    assert loaded.settings.detection.min_accounts == 8
    assert loaded.places["detection.min_accounts"] == "--min"


@pytest.mark.parametrize(
    "name", ["STILLWATCH__", "STILLWATCH__TEXT", "STILLWATCH__TEXT__", "STILLWATCH__A__B"]
)
def test_an_override_of_nothing_is_a_mistake(name: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(None, {name: "3"})
    assert caught.value.problems[0].place == name


def test_references_take_from_the_environment_and_are_remembered(write: Any) -> None:
    path = write("run:\n  secret_file: ${HOLDER}/secret\n  temp_dir: $${not}\n")
    loaded = read_settings(path, {"HOLDER": "/run/secrets"})
    assert loaded.settings.run.secret_file == Path("/run/secrets/secret")
    assert loaded.settings.run.temp_dir == Path("${not}")
    assert loaded.references["run.secret_file"] == "${HOLDER}/secret"


def test_a_reference_to_nothing_is_a_mistake(write: Any) -> None:
    with pytest.raises(SettingsError, match="HOLDER, which is not set"):
        load_settings(write("run: {secret_file: '${HOLDER}'}\n"), NO_ENV)


def test_what_a_reference_brings_is_not_read_again(write: Any) -> None:
    loaded = load_settings(write("input: {constants: {model: '${A}'}}\n"), {"A": "${B}", "B": "no"})
    assert loaded.input.constants == {"model": "${B}"}


def test_tables_given_as_options_are_added_to() -> None:
    env = {"STILLWATCH__INPUT__CONSTANTS": "{platform: direct}"}
    loaded = read_settings(None, env, {"--set": ("input.constants", {"api": "chat"})})
    assert loaded.settings.input.constants == {"platform": "direct", "api": "chat"}


@given(st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=8) | st.none(), max_size=4))
def test_no_document_is_taken_silently(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, Any]
) -> None:
    import yaml

    path = tmp_path_factory.mktemp("settings") / "c.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    try:
        settings = load_settings(path, NO_ENV)
    except SettingsError as error:
        assert error.problems
    else:
        assert settings == Settings()
        assert all(value is None for value in content.values())
