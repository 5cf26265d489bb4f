"""Send reports where the command line says."""

import argparse
from collections.abc import Sequence

from operations.reports.as_json import as_json
from operations.reports.report import StackReport
from operations.reports.text import print_reports
from operations.terminal import console, data


def publish_reports(reports: Sequence[StackReport], options: argparse.Namespace) -> None:
    """Print the reports in the form that was asked for."""
    if options.json:
        data(as_json(reports))
    else:
        print_reports(reports, console())
