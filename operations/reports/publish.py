"""Print the reports, write files and update issues, as the command line asks."""

import argparse
from collections.abc import Sequence
from dataclasses import replace

from components.config.problems import ConfigurationError
from operations.reports.as_html import as_html
from operations.reports.as_json import as_json
from operations.reports.as_markdown import as_markdown
from operations.reports.issues.one_issue import publish
from operations.reports.report import StackReport
from operations.reports.text import print_reports
from operations.terminal.output import console, data


def publish_reports(reports: Sequence[StackReport], options: argparse.Namespace) -> None:
    """Print the reports in the requested form, write files, and update issues last.

    Raises:
        ConfigurationError: an issue cannot be written; everything else was done before.
    """
    reports = [replace(report, whole=options.diff) for report in reports]
    if options.json:
        data(as_json(reports))
    elif options.markdown:
        data(as_markdown(reports))
    else:
        print_reports(reports, console())
    if options.html:
        options.html.write_text(as_html(reports), encoding="utf-8")
    if options.issue:
        _update_issues(reports, options.issue)


def _update_issues(reports: Sequence[StackReport], repository: str) -> None:
    """Update each stack's issue, even if that of another stack could not be written."""
    failed: list[ConfigurationError] = []
    for report in reports:
        try:
            publish(report, repository)
        except ConfigurationError as error:
            failed.append(error)
    if failed:
        problems = [problem for error in failed for problem in error.problems]
        raise ConfigurationError(problems, max(error.exit_code for error in failed))
