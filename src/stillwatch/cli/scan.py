"""`stillwatch scan`: from logs to named campaigns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from stillwatch.cli import options
from stillwatch.cli.exits import ExitCode
from stillwatch.cli.terminal import print_json, progress, say, set_loudness, tell_rejected
from stillwatch.settings import Settings, read_settings

if TYPE_CHECKING:
    from stillwatch.campaigns.model import ScanResult


def scan(
    logs: options.Logs,
    accounts: options.Accounts = None,
    out: options.OutDir = None,
    config: options.ConfigFile = None,
    secret: options.Secret = None,
    state: options.State = None,
    since: options.Since = None,
    until: options.Until = None,
    mapping: options.Mapping = None,
    constants: options.Constants = None,
    reader: options.ReaderName = None,
    format: options.OutputFormat = None,
    fail_on: options.FailOn = None,
    memory_limit: options.MemoryLimit = None,
    keep_text: options.KeepText = None,
    quiet: options.Quiet = False,
    verbose: options.Verbose = 0,
    no_progress: options.NoProgress = False,
) -> int:
    """Scan logs, name the campaigns in them, and write the results with their evidence."""
    set_loudness(quiet, verbose)
    first, last = options.window(since, until)
    given = options.input_options(mapping, constants, reader, format) | {
        "--secret": ("run.secret_file", secret),
        "--state": ("run.state_dir", state),
        "--memory-limit": ("run.memory_limit", memory_limit),
        "--keep-text": ("text.retention_days", keep_text),
        "--fail-on": ("output.fail_on", fail_on),
    }
    settings = read_settings(config, options=given).settings
    from stillwatch.pipeline import scan as scan_logs  # here, so that --help and mistakes answer at once

    with progress(not no_progress) as on_progress:
        result = scan_logs(
            logs,
            accounts=accounts,
            out=out,
            settings=settings,
            secret=settings.run.secret_file,
            state=settings.run.state_dir,
            since=first,
            until=last,
            mapping=settings.input.mapping,
            constants=settings.input.constants,
            progress=on_progress,
        )
    show(result, settings)
    tell_lost(result)
    tell_calibrated(result)
    point_to(out)
    return exit_code(result, settings, out)


def show(result: ScanResult, settings: Settings) -> None:
    """Print a result to standard output, as a table or as the bytes of `campaigns.json`."""
    if settings.output.format == "json":
        from stillwatch.report.record import campaign_record, most_serious_first

        print_json([campaign_record(campaign) for campaign in most_serious_first(result.campaigns)])
    else:
        from stillwatch.report.terminal import console_for, print_result

        print_result(result, console_for())


def tell_lost(result: ScanResult) -> None:
    """Name the files of which nothing was read: one rejected row each, which may be a day of traffic."""
    if not result.run.get("exchanges"):
        say("no exchange was read: see rejected.jsonl, and whether --since and --until leave any of the log")
    for file in result.run.get("inputs", ()):
        if file.get("rejected") and not file.get("exchanges"):
            say(f"{file['file']}: nothing in it could be read; see rejected.jsonl, or `stillwatch doctor`")


def tell_calibrated(result: ScanResult) -> None:
    """Say that people's labels were counted in, and who put them in force."""
    if "calibration" in result.run:
        say(f"{result.run['calibration']['told']}; see `stillwatch feedback calibrate`")


def point_to(out: Path | None) -> None:
    """Say where the report is, and how to read the reasons."""
    if out is not None:
        say(f"\nreport: {out / 'report.html'}\nreasons: stillwatch explain {out} CAMPAIGN")


def exit_code(result: ScanResult, settings: Settings, out: Path | None) -> ExitCode:
    """Return what a scan's result means for the caller; findings outrank rejected rows."""
    from stillwatch.campaigns.model import CONFIDENCES
    from stillwatch.report.run_facts import run_facts

    facts = run_facts(result)
    rows = facts.exchanges + facts.duplicates + facts.rejected_rows
    where = "rejected.jsonl" if out is None else str(out / "rejected.jsonl")
    too_many = tell_rejected(facts.rejected_rows, rows, settings.input.max_rejected_share, where)
    level = settings.output.fail_on
    if level is not None:
        reached = CONFIDENCES[CONFIDENCES.index(level) :]
        if any(campaign.confidence in reached for campaign in result.campaigns):
            return ExitCode.FINDINGS
    return ExitCode.REJECTED if too_many else ExitCode.OK
