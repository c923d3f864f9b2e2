"""From kinds to natures."""

from __future__ import annotations

from stillwatch.campaigns.model import VERDICTS
from stillwatch.ranges.scoring.natures import CLAIMS, NATURES, RIGHT, nature_of, natures_of


def test_a_kind_covers_its_variants_but_not_its_namesakes() -> None:
    assert nature_of("enterprise") == nature_of("enterprise_undeclared") == "related_accounts"
    assert nature_of("firm_batch_undeclared") == "related_accounts"
    assert nature_of("resale_pool") == "resale_pool"
    assert nature_of("lone_harvest") == "bulk_extraction"
    assert nature_of("enterprises") is None
    assert nature_of("cot_harvest") is None
    assert nature_of(None) is None


def test_only_kinds_with_a_nature_are_returned() -> None:
    assert natures_of(["chat", None, "key_rotation"]) == {"key_rotation": "related_accounts"}


def test_every_verdict_is_a_nature_and_has_its_rules() -> None:
    assert set(NATURES) == {*VERDICTS, "none"} == set(RIGHT) == set(CLAIMS)
    assert all(nature in RIGHT[nature] for nature in NATURES)
    assert all(verdict in CLAIMS[verdict] for verdict in NATURES)
