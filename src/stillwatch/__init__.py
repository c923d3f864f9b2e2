"""Stillwatch finds distillation campaigns in the traffic of a language-model API and shows why it thinks so."""

from stillwatch.campaigns.model import Campaign, ScanResult
from stillwatch.exchanges import ReadError
from stillwatch.pipeline import scan
from stillwatch.report import load_results
from stillwatch.settings import Settings
from stillwatch.version import __version__

__all__ = ["Campaign", "ReadError", "ScanResult", "Settings", "__version__", "load_results", "scan"]
