"""Campaigns for people: result files, a page, a terminal table, explanations, notebook views."""

from stillwatch.report.explain import explain_account, explain_campaign, explain_examined
from stillwatch.report.html import render_report
from stillwatch.report.notebook import install
from stillwatch.report.results import ResultsError, campaigns_schema, load_results
from stillwatch.report.terminal import console_for, print_result
from stillwatch.report.writers import write_results

install()

__all__ = [
    "ResultsError",
    "campaigns_schema",
    "console_for",
    "explain_account",
    "explain_campaign",
    "explain_examined",
    "load_results",
    "print_result",
    "render_report",
    "write_results",
]
