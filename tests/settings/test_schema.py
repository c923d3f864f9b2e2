"""The published JSON schema says what the loader does."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from stillwatch.settings import Settings, config_schema, config_schema_text

PUBLISHED = Path(__file__).parents[2] / "docs" / "reference" / "config.schema.json"


def test_the_published_schema_is_current() -> None:
    fix = "run `stillwatch config schema > docs/reference/config.schema.json`"
    assert PUBLISHED.read_text(encoding="utf-8") == config_schema_text(), fix


def test_the_schema_takes_the_defaults_and_refuses_unknown_keys() -> None:
    schema = config_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(Settings().model_dump_json()), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"detection": {"fdr": 0.1}}, schema)
