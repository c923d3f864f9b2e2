"""The published JSON schema of the configuration file, for editors and for checks before deployment."""

from __future__ import annotations

import json
from typing import Any

from stillwatch.settings.model import Settings


def config_schema() -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of the configuration file."""
    schema = Settings.model_json_schema(mode="validation")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Stillwatch configuration"
    one_line: dict[str, Any] = _on_one_line(schema)
    return one_line


def _on_one_line(value: Any) -> Any:
    """Join the lines of descriptions, which the source breaks at its own width."""
    if isinstance(value, dict):
        return {
            k: " ".join(v.split()) if k == "description" and isinstance(v, str) else _on_one_line(v)
            for k, v in value.items()
        }
    return [_on_one_line(v) for v in value] if isinstance(value, list) else value


def config_schema_text() -> str:
    """Return the schema as the bytes that `docs/reference/config.schema.json` holds."""
    return json.dumps(config_schema(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"
