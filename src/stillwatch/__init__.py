"""Stillwatch finds distillation campaigns in the traffic of a language-model API and shows why it thinks so."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from stillwatch.version import __version__

if TYPE_CHECKING:
    from stillwatch.campaigns.model import Campaign, ScanResult
    from stillwatch.exchanges import ReadError
    from stillwatch.pipeline import scan
    from stillwatch.report import load_results
    from stillwatch.settings import Settings

__all__ = ["Campaign", "ReadError", "ScanResult", "Settings", "__version__", "load_results", "scan"]

# Loaded when first asked for: the engine and the kernels take a second, which `--help` need not wait for.
_HOMES = {
    "Campaign": "stillwatch.campaigns.model",
    "ReadError": "stillwatch.exchanges",
    "ScanResult": "stillwatch.campaigns.model",
    "Settings": "stillwatch.settings",
    "load_results": "stillwatch.report",
    "scan": "stillwatch.pipeline",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
