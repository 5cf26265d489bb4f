"""`slipway drift`: whether the live world still is what is declared, told by two witnesses.

Pulumi's preview with refresh says what `up` would change; the observer says what Pulumi never looks
at. Reads only: neither writes to GitHub, AWS or Pulumi's state. Only `--issue` writes, one issue.
"""

import argparse
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from components.config.other_stacks import SAMPLES
from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from components.model.stack import Stack
from components.model.terms import ENVIRONMENTS
from operations.drifting.archived import forgotten, undeclared_in_plan
from operations.drifting.compare import Written, compare
from operations.drifting.declared_files import DeclaredFiles
from operations.drifting.finding import Finding
from operations.drifting.preview import preview_findings
from operations.drifting.union import union
from operations.drifting.written import written_secrets
from operations.observer.archived import archived_repositories
from operations.observer.client import observing
from operations.observer.observed import Observed
from operations.observer.observer import observe
from operations.pulumi import pulumi_json
from operations.reports.publish import publish_reports
from operations.reports.report import StackReport
from operations.terminal import STACKS, progress, writable
from operations.validate import stack_folders


def run(options: argparse.Namespace) -> int:
    """Look at the given stacks, or at all; report; 7 on drift, 1 where a witness failed."""
    for file in (options.html, options.sarif):
        if file:
            writable(file)
    files = [StackFiles(STACKS / stack) for stack in _stacks(options.stacks)]
    reports = [look(one, preview=options.preview, cache=options.cache) for one in files]
    publish_reports(reports, options)
    if any(report.incomplete for report in reports):
        return ExitCode.ERROR
    return ExitCode.CHANGES if any(report.findings for report in reports) else ExitCode.SUCCESS


def _stacks(named: Sequence[str]) -> list[str]:
    """Each named stack once, or all but the samples.

    Raises:
        ConfigurationError: there are only samples, or none.
    """
    own = [folder.name for folder in stack_folders() if folder.name not in SAMPLES]
    if stacks := list(dict.fromkeys(named)) or own:
        return stacks
    text = "has only the samples: name one, as in slipway drift sandbox"
    raise ConfigurationError([Problem(str(STACKS), 0, "", text)])


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
        asked = pool.submit(_plan, stack, cache=cache) if preview else None
        written = _written(stack)
        observed = _observe(stack, rendered, cache=cache)
        planned = asked.result() if asked else None
    blind = isinstance(observed, ConfigurationError) and not isinstance(planned, list)
    if isinstance(planned, ConfigurationError):
        incomplete.append(
            f"what only Pulumi sees is missing, its preview fails: {_reason(planned)}"
        )
        planned = None
    if isinstance(written, ConfigurationError):
        incomplete.append(
            "whether a secret was overwritten is not known, the state cannot be read: "
            f"{_reason(written)}"
        )
        written = {}
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
        blind=blind,
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
    """All that is said, on one line: Pulumi says many a thing once for each resource."""
    return "; ".join(str(replace(problem, text=_once(problem.text))) for problem in error.problems)


def _once(text: str) -> str:
    return "; ".join(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _plan(stack: Stack, *, cache: bool) -> list[Finding] | ConfigurationError:
    """What the preview would change, or why it can't be said."""
    try:
        plan = pulumi_json("preview", "--refresh", "--json", "--stack", stack.name)
        found = list(preview_findings(plan, role_owners(stack)))
        if undeclared := undeclared_in_plan(found, stack.repositories):
            owner = stack.settings.owner
            github = observing(owner, cache=cache)
            found = forgotten(found, archived_repositories(undeclared, github, owner))
    except ConfigurationError as error:
        return error
    return found


def _written(stack: Stack) -> Written | ConfigurationError:
    """When slipway wrote its secrets, or why that can't be said; nothing is asked without any."""
    if next(stack.managed_secrets(), None) is None:
        return {}
    try:
        export: Mapping[str, Any] = pulumi_json("stack", "export", "--stack", stack.name)
    except ConfigurationError as error:
        return error
    return written_secrets(export)


def role_owners(stack: Stack) -> dict[str, str]:
    """Declared names of repositories by the names of their roles in lower case."""
    return {
        repository.role_name(stack.settings.owner, name).lower(): repository.name
        for repository in stack.repositories
        for name in ENVIRONMENTS
    }
