"""Figures are drawn from comparisons; where matplotlib is absent we say what to install."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from stillwatch.ranges.arrivals.held_out import Comparison
from stillwatch.ranges.arrivals.plots import (
    ccdf,
    distances,
    draw_counts,
    draw_gaps,
    draw_lengths,
    draw_weeks,
    main,
    mean_week,
    pyplot,
    save,
)
from stillwatch.ranges.arrivals.rhythms import load_rhythms


def comparison(name: str, seed: int = 1) -> Comparison:
    """Return log-normal values on all sides."""
    rng = np.random.default_rng(seed)
    return Comparison(name, *(rng.lognormal(3, 1, 200) for _ in range(3)))


def test_without_matplotlib_we_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(SystemExit, match=r"stillwatch\[ranges\]"):
        pyplot()


def test_absent_traces_leave_with_two(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    assert main(["--traces", str(tmp_path), "--out", str(tmp_path)]) == 2


def test_shares_fall_from_one_and_zeros_are_counted_but_not_drawn() -> None:
    values, share = ccdf(np.array([2.0, 0.0, 1.0, 4.0]))
    assert values.tolist() == [1.0, 2.0, 4.0]
    assert share.tolist() == [0.75, 0.5, 0.25]


def test_distances_are_means_over_splits() -> None:
    runs = [[comparison("gaps", 1)], [comparison("gaps", 2)]]
    mean = np.mean([r[0].ks for r in runs])
    assert f"{mean:.3f}" in distances(runs).splitlines()[1]


def test_the_mean_week_has_mean_one() -> None:
    assert mean_week(load_rhythms()).mean() == pytest.approx(1.0)


def test_every_figure_can_be_drawn_small(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    plt = pyplot()
    names = (
        "variation of gaps", "gaps of Azure's coding service", "Fano factor of ten minutes' counts",
        "share of ten minutes with requests", "lag-one correlation of counts",
        "requests of a client / the median's",
    )  # fmt: skip
    named = {n: comparison(n) for n in names}
    lengths = [comparison(f"{g}: {t}") for g in ("api", "code") for t in ("prompt", "answer")]
    weeks = load_rhythms()
    figures = (
        draw_gaps(plt, named), draw_counts(plt, named), draw_weeks(plt, weeks, weeks.week),
        draw_lengths(plt, lengths),
    )  # fmt: skip
    for number, figure in enumerate(figures):
        save(plt, figure, tmp_path / f"{number}.png")
        assert 5_000 < (tmp_path / f"{number}.png").stat().st_size < 120_000
