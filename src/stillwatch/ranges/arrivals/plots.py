"""Draws what is sampled against the traces: `python -m stillwatch.ranges.arrivals.plots --traces DIR --out DIR`.

Every figure is held out: the model is fitted to half of the clients and drawn beside the other half. The distances
printed are means over several such splits.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stillwatch.ranges.arrivals.held_out import (
    OFTEN,
    SPLITS,
    Comparison,
    compare_clock,
    compare_lengths,
    condensed,
)
from stillwatch.ranges.arrivals.rhythms import Rhythms

# Okabe & Ito's colours, told apart by the colour-blind; the trace is always black.
TRACE, MODEL, THIRD = "#000000", "#0072B2", "#D55E00"
STYLE: dict[str, Any] = {
    "figure.dpi": 110, "font.size": 9, "axes.spines.top": False, "axes.spines.right": False,
    "axes.grid": True, "grid.alpha": 0.25, "grid.linewidth": 0.5, "legend.frameon": False,
    "axes.titlesize": 10, "axes.titlelocation": "left", "lines.linewidth": 1.6,
}  # fmt: skip
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def pyplot() -> Any:
    """Return matplotlib's pyplot on a backend without windows. Raises SystemExit saying how to install it."""
    try:
        import matplotlib
    except ImportError:
        raise SystemExit('plots need matplotlib: pip install "stillwatch[ranges]"') from None
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    parameters: Any = plt.rcParams
    parameters.update(STYLE)
    return plt


def ccdf(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the sorted positive values, and the share of all values that are at least so great."""
    ordered = np.sort(values)
    share = 1.0 - np.arange(ordered.size) / ordered.size
    return ordered[ordered > 0], share[ordered > 0]


def _tails(axis: Any, found: Comparison, label: str, log_share: bool = True) -> None:
    axis.step(*ccdf(found.trace), color=TRACE, where="post", label="held-out trace")
    axis.step(*ccdf(found.model), color=MODEL, where="post", ls="--", label="sampled")
    axis.set_xscale("log")
    if log_share:
        axis.set_yscale("log")
    axis.set_xlabel(label)
    axis.set_title(f"{found.name[0].upper()}{found.name[1:]}: KS {found.ks:.2f}")


def draw_gaps(plt: Any, found: dict[str, Comparison]) -> Any:
    """Return the figure of gaps: variation over clients, and one service's gaps."""
    figure, (left, right) = plt.subplots(1, 2, figsize=(8.6, 3.4))
    _tails(left, found["variation of gaps"], "coefficient of variation, median of a client", log_share=False)
    left.axvline(1.0, color=THIRD, lw=1, ls=":")
    left.text(0.95, 0.06, "Poisson", color=THIRD, ha="right")
    left.set_ylabel("share of clients with more")
    _tails(right, found["gaps of Azure's coding service"], "gap / mean gap")
    right.set_xlim(1e-4, None)
    right.set_ylim(2e-4, 1.2)
    right.set_ylabel("share of gaps longer")
    left.legend()
    return figure


def draw_counts(plt: Any, found: dict[str, Comparison]) -> Any:
    """Return the figure of burstiness above ten minutes and of how unevenly clients ask."""
    figure, axes = plt.subplots(2, 2, figsize=(8.6, 6.2))
    labels = {
        "Fano factor of ten minutes' counts": "variance / mean over two weeks",
        "share of ten minutes with requests": "share of windows",
        "lag-one correlation of counts": "correlation with the next ten minutes",
        "requests of a client / the median's": "requests / median client's",
    }
    for axis, (name, label) in zip(axes.flat, labels.items(), strict=True):
        _tails(axis, found[name], label, log_share=name.startswith("requests"))
        axis.set_ylabel("share of clients with more")
        if name.startswith("lag"):
            axis.set_xscale("linear")
    axes[0, 0].legend()
    return figure


def mean_week(typical: Rhythms) -> NDArray[np.float64]:
    """Return f64[168]: the mean of the fitted weeks of clients that come often, by weight."""
    often = typical.weight * (typical.on > OFTEN)
    return np.asarray(often @ typical.week / often.sum(), np.float64)


def draw_weeks(plt: Any, typical: Rhythms, held: NDArray[np.float64]) -> Any:
    """Return the figure of weeks: the mean of clients that come often, and below each fitted week by itself."""
    figure = plt.figure(figsize=(8.6, 6.4))
    grid = figure.add_gridspec(4, 4, height_ratios=(1.6, 1, 1, 1))
    model, mean = mean_week(typical), held.mean(axis=0)
    top = figure.add_subplot(grid[0, :])
    top.plot(mean, color=TRACE, label=f"held-out clients (mean of {held.shape[0]})")
    top.plot(model, color=MODEL, ls="--", label="fitted weeks, by weight")
    top.set_title(f"Week of all clients that come often: correlation {np.corrcoef(mean, model)[0, 1]:.2f}")
    top.set_ylim(0, 2.4)
    top.legend(ncols=2, loc="upper right")
    _days(top, DAYS)
    fitted = np.flatnonzero(typical.weight)[:12]
    for place, index in enumerate(fitted):
        axis = figure.add_subplot(grid[1 + place // 4, place % 4])
        axis.fill_between(np.arange(168), typical.week[index], color=MODEL, alpha=0.3, lw=0)
        axis.plot(typical.week[index], color=MODEL, lw=0.9)
        axis.set_title(
            f"{typical.names[index].removeprefix('api-')} ({typical.weight[index]:.0%})", fontsize=8.5
        )
        axis.set_ylim(0, 3.2)
        _days(axis, tuple(d[0] for d in DAYS))
    figure.supylabel("activity / mean", fontsize=9)
    return figure


def _days(axis: Any, names: tuple[str, ...]) -> None:
    axis.set_xticks(np.arange(0, 168, 24) + 12, names, fontsize=8)
    axis.set_xticks(np.arange(0, 169, 24), minor=True)
    axis.tick_params(axis="x", which="both", length=0)
    axis.grid(False, axis="x", which="major")
    axis.grid(True, axis="x", which="minor", alpha=0.5)
    axis.set_xlim(0, 167)


def draw_lengths(plt: Any, found: list[Comparison]) -> Any:
    """Return the figure of token counts: prompts left, answers right, a row for each group."""
    rows = len(found) // 2
    figure, axes = plt.subplots(2, rows, figsize=(12.4, 5.4), sharey=True)
    for place, comparison in enumerate(found):
        axis = axes[place % 2, place // 2]
        _tails(axis, comparison, "tokens")
        written = ccdf(condensed(comparison.model))
        axis.step(*written, color=THIRD, lw=1.1, ls=":", label="as written, times 8")
        axis.set_ylim(2e-3, 1.2)
        axis.set_title(axis.get_title(loc="left"), fontsize=8.5)
    for axis in axes[:, 0]:
        axis.set_ylabel("share longer")
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="lower center", ncols=3)
    return figure


def save(plt: Any, figure: Any, path: Path, below: float = 0.0) -> None:
    """Write a figure as PNG in 64 colours, which its few lines need no more than."""
    from PIL import Image

    figure.tight_layout(rect=(0, below, 1, 1))
    figure.savefig(path)
    plt.close(figure)
    with Image.open(path) as drawn:
        small = drawn.convert("RGB").quantize(64)
    small.save(path, optimize=True)


def distances(runs: list[list[Comparison]]) -> str:
    """Return the table of distances: mean over splits, least and most, and how far the halves themselves are apart."""
    lines = [f"{'Kolmogorov-Smirnov distance':<38} {'model':>6} {'(least-most)':>14} {'halves':>7}"]
    for column in zip(*runs, strict=True):
        ks = [c.ks for c in column]
        apart = np.mean([c.between_halves for c in column])
        span = f"({min(ks):.3f}-{max(ks):.3f})"
        lines.append(f"{column[0].name:<38} {np.mean(ks):6.3f} {span:>14} {apart:7.3f}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """Draw the figures, print the distances; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--traces", type=Path, required=True, help="folder of the traces")
    parser.add_argument("--out", type=Path, required=True, help="where to write arrivals-*.png")
    options = parser.parse_args(arguments)
    plt = pyplot()
    try:
        clocks = [compare_clock(options.traces, split) for split in SPLITS]
        tokens = [compare_lengths(options.traces, split) for split in SPLITS]
    except FileNotFoundError as absent:
        print(absent, file=sys.stderr)
        return 2
    found, typical, held = clocks[0]
    named = {c.name: c for c in found}
    options.out.mkdir(parents=True, exist_ok=True)
    save(plt, draw_gaps(plt, named), options.out / "arrivals-gaps.png")
    save(plt, draw_counts(plt, named), options.out / "arrivals-counts.png")
    save(plt, draw_weeks(plt, typical, held), options.out / "arrivals-weeks.png")
    save(plt, draw_lengths(plt, tokens[0]), options.out / "arrivals-lengths.png", 0.06)
    print(distances([[*c[0], *t] for c, t in zip(clocks, tokens, strict=True)]))
    written = [
        [Comparison(f"{c.name}, as written", c.trace, condensed(c.model), c.fitted) for c in t]
        for t in tokens
    ]
    print(distances(written))
    agree = [np.corrcoef(mean_week(typical), held.mean(axis=0))[0, 1] for _, typical, held in clocks]
    print(f"correlation of the mean week: {np.mean(agree):.2f} ({min(agree):.2f}-{max(agree):.2f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
