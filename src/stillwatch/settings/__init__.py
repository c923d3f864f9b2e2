"""Settings: one YAML file, environment overrides, every mistake reported with place and fix."""

from stillwatch.settings.load import LoadedSettings, Problem, SettingsError, load_settings, read_settings
from stillwatch.settings.model import (
    DetectionSettings,
    InputSettings,
    OutputSettings,
    RunSettings,
    Settings,
    TextSettings,
    bytes_of,
)
from stillwatch.settings.schema import config_schema, config_schema_text

__all__ = [
    "DetectionSettings",
    "InputSettings",
    "LoadedSettings",
    "OutputSettings",
    "Problem",
    "RunSettings",
    "Settings",
    "SettingsError",
    "TextSettings",
    "bytes_of",
    "config_schema",
    "config_schema_text",
    "load_settings",
    "read_settings",
]
