"""`stillwatch intents evaluate`: the marks of the classifier on texts it never saw."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.intents import arguments
from stillwatch.cli.terminal import say, set_loudness


def evaluate(
    corpus: arguments.Corpus = None,
    ranges: Annotated[
        list[Path] | None,
        typer.Option(
            "--range", metavar="DIR", help="A range with its truth; may be given again.", show_default=False
        ),
    ] = None,
    weights: arguments.Weights = None,
    each: arguments.Each = 30,
    seed: arguments.Seed = 7,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", metavar="DIR", help="Also write marks.json and plots.", show_default=False
        ),
    ] = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
) -> int:
    """Examine the classifier: shipped exam and fixtures, what a corpus holds out, and labelled ranges."""
    set_loudness(quiet, verbose)
    from stillwatch.intents.training import require_extra

    require_extra()
    from stillwatch.intents.training import exam, plots, show
    from stillwatch.intents.training.evaluate import mark

    model = arguments.model_of(weights)
    say(f"rendering the exam, {each} times each template")
    sets = {"exam": exam.answer(exam.exam_samples(each, seed), model)}
    if corpus is not None:
        sets["held out of the corpus"] = exam.answer(exam.held_out_samples(corpus), model)
    for folder in ranges or ():
        sets[f"range {folder.name}"] = exam.range_answers(folder, model)
    fixtures = exam.fixture_scores(model)
    reports = {
        name: mark(answers, fixtures if name == "exam" else {}, model) for name, answers in sets.items()
    }
    typer.echo(show.tables(reports))
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        import json

        record = {
            "weights": model.version,
            "sets": {name: report.as_dict() for name, report in reports.items()},
        }
        (out / "marks.json").write_text(
            json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        made = plots.draw(sets["exam"], reports["exam"], model, out)
        say(f"written: {out / 'marks.json'}, {', '.join(str(path) for path in made)}")
    return ExitCode.OK
