"""`slipway drift`: whether the live world still is what is declared, told by two witnesses.

Pulumi's preview with refresh says what `up` would change; the observer says what Pulumi never looks
at. Reads only: neither writes to GitHub, AWS or Pulumi's state. Only `--issue` writes, one issue.
"""

import argparse
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from components.config.problems import ConfigurationError, ExitCode
from components.config.stack_files import StackFiles
from components.model.stack import Stack
from components.model.terms import ENVIRONMENTS
from operations.drifting.compare import Written, compare
from operations.drifting.declared_files import DeclaredFiles
from operations.drifting.finding import Finding
from operations.drifting.preview import preview_findings
from operations.drifting.union import union
from operations.drifting.written import written_secrets
from operations.observer.observed import Observed
from operations.observer.observer import observe
from operations.pulumi import pulumi_json
from operations.reports.publish import publish_reports
from operations.reports.report import StackReport
from operations.terminal import STACKS, progress
from operations.validate import stack_folders


def run(options: argparse.Namespace) -> int:
    """Look at the given stacks, or at all; report; 7 on drift, 1 where a witness failed."""
    folders = [STACKS / stack for stack in options.stacks] or stack_folders()
    files = [StackFiles(folder) for folder in folders]
    reports = [look(one, preview=options.preview, cache=options.cache) for one in files]
    publish_reports(reports, options)
    if any(report.incomplete for report in reports):
        return ExitCode.ERROR
    return ExitCode.CHANGES if any(report.findings for report in reports) else ExitCode.SUCCESS


def look(files: StackFiles, *, preview: bool = True, cache: bool = True) -> StackReport:
    """What differs in one stack.

    Args:
        files: its declarations.
        preview: whether Pulumi is asked as well.
        cache: whether answers of GitHub are kept to ask again conditionally.
    """
    stack = files.stack
    rendered = DeclaredFiles(stack)
    incomplete: list[str] = []
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(_ask_pulumi, stack) if preview else None
        observed = _observe(stack, rendered, cache=cache)
        planned, written = asked.result() if asked else (None, {})
    if isinstance(planned, ConfigurationError):
        incomplete.append(
            f"what only Pulumi sees is missing, its preview fails: {_reason(planned)}"
        )
        planned = None
    if isinstance(observed, ConfigurationError):
        incomplete.append(f"what Pulumi does not see is missing: {_reason(observed)}")
        findings = union((), planned)
    else:
        findings = union(compare(stack, observed, written, rendered), planned)
    return StackReport(
        stack=stack.name,
        owner=stack.settings.owner,
        repositories=len(stack.repositories),
        findings=tuple(findings),
        incomplete=tuple(incomplete),
        when=datetime.now(UTC),
        places={
            repository.name: (problem.file, problem.line)
            for repository in stack.repositories
            for problem in [files.problem(repository, ("repository",), "")]
        },
    )


def _observe(
    stack: Stack, rendered: DeclaredFiles, *, cache: bool
) -> Observed | ConfigurationError:
    """The live world, or why it can't be seen now.

    Raises:
        ConfigurationError: for what no other witness makes up for: a refused token, wrong settings.
    """
    try:
        with progress(f"{stack.name}: observing") as report:
            return observe(stack, rendered.blobs, cache=cache, progress=report)
    except ConfigurationError as error:
        if error.exit_code is not ExitCode.ERROR:
            raise
        return error


def _reason(error: ConfigurationError) -> str:
    return "; ".join(f"{problem.file}: {problem.text}" for problem in error.problems)


def _ask_pulumi(stack: Stack) -> tuple[Sequence[Finding] | ConfigurationError, Written]:
    """What the preview would change, and when secrets were written; or why it can't be said."""
    try:
        export: Mapping[str, Any] = pulumi_json("stack", "export", "--stack", stack.name)
        plan = pulumi_json("preview", "--refresh", "--json", "--stack", stack.name)
    except ConfigurationError as error:
        return error, {}
    return list(preview_findings(plan, role_owners(stack))), written_secrets(export)


def role_owners(stack: Stack) -> dict[str, str]:
    """Declared names of repositories by the names of their roles in lower case."""
    return {
        repository.role_name(stack.settings.owner, name).lower(): repository.name
        for repository in stack.repositories
        for name in ENVIRONMENTS
    }
