"""Results show themselves in a notebook, escaped."""

from __future__ import annotations

import stillwatch.report  # noqa: F401  (importing it installs the views)

from .makers import campaign, result, three


def test_a_result_shows_its_headline_and_campaigns() -> None:
    shown = result(three())._repr_html_()  # type: ignore[attr-defined]
    assert "3 campaigns in 6,342 exchanges" in shown
    assert shown.count("<tr>") == 4
    assert "1 group examined" in shown


def test_a_campaign_shows_its_evidence_for_and_against() -> None:
    shown = campaign(campaign_id="<script>x</script>")._repr_html_()  # type: ignore[attr-defined]
    assert "<script>" not in shown
    assert "Conversation carried over" in shown
    assert "Public tool" in shown
    assert "Strongest innocent reading" in shown
