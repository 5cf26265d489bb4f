"""`slipway drift`: tell whether the live world still is as declared, from two sources.

Pulumi's preview with refresh tells what `up` would change. The observer reads what Pulumi never
reads. Neither writes to GitHub, AWS or Pulumi's state; only `--issue` writes one issue.
"""

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final, TypeVar

from components.config.baseline import judged, today
from components.config.oidc_accounts import provider_problems
from components.config.other_stacks import SAMPLES
from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from components.config.stacks import stack_folders, stacks_folder
from components.model.github_host import GITHUB_COM
from components.model.stack import Stack
from operations.diff.compare import compare
from operations.diff.finding import Finding
from operations.diff.last_up import read_given
from operations.diff.merge import merge
from operations.engine.forgotten import forgotten, undeclared_in_plan
from operations.engine.plan.findings import preview_findings
from operations.engine.process import beside, finished, pulumi_json
from operations.engine.stack_state import Export
from operations.live.github.graphql import archived_repositories, question_about
from operations.live.github.plans import plan_problems
from operations.live.github.repository import Progress
from operations.live.observed import Observed, offers, provider_tags
from operations.live.observer import Partly, Shared, observe
from operations.reports.links import links
from operations.reports.publish import publish_reports
from operations.reports.report import StackReport
from operations.reports.words import accounts_left_out
from operations.state.secret_write_times import unread_times, written_secrets
from operations.state.unreadable import in_words
from operations.terminal.output import progress, talk, writable
from operations.terminal.reason import reason

#: The exit code of several stacks is the first of these that one of them has.
_WORST_FIRST: Final = (
    ExitCode.AUTHENTICATION,
    ExitCode.CONFIGURATION,
    ExitCode.ERROR,
    ExitCode.CHANGES,
    ExitCode.SUCCESS,
)


#: Stands for a state that cannot be read.
_NO_STATE: Final[Export] = {"deployment": {}}

T = TypeVar("T")


def run(options: argparse.Namespace) -> int:
    """Compare the given stacks, or all, and report; 7 on drift, 1 if a source failed.

    An error in one of several stacks does not stop the others; the exit code is then the worst.
    """
    if options.html:
        writable(options.html)
    stacks = _stacks(options.stacks)
    alone = len(stacks) == 1
    # A comparison takes long: read all declarations first, so that mistakes are reported at once.
    folder = stacks_folder()
    declared = {
        stack: _tried(stack, partial(StackFiles, folder / stack), alone=alone) for stack in stacks
    }
    reports, codes, shared = [], [ExitCode.SUCCESS], Shared()
    for stack, files in declared.items():
        seen: StackReport | ConfigurationError
        if isinstance(files, ConfigurationError):
            seen = files
        else:
            for weaker in judged(files, today()).problems:
                talk(str(weaker))
            looking = partial(
                look, files, preview=options.preview, cache=options.cache, shared=shared
            )
            seen = _tried(stack, looking, alone=alone)
        if isinstance(seen, ConfigurationError):
            codes.append(seen.exit_code)
            seen = _unseen(stack, files, seen)
        reports.append(seen)
    codes += [ExitCode.ERROR for report in reports if report.incomplete]
    codes += [ExitCode.CHANGES for report in reports if report.findings]
    try:
        publish_reports(reports, options)
    except ConfigurationError as error:
        if alone:
            raise
        talk(str(error))
        codes.append(error.exit_code)
    return min(codes, key=_WORST_FIRST.index)


def _tried(stack: str, step: Callable[[], T], *, alone: bool) -> T | ConfigurationError:
    """The result of a step for one of several stacks, or its error, which is printed at once.

    Raises:
        ConfigurationError: the step fails, and there is no other stack.
    """
    result = _or_error(step)
    if isinstance(result, ConfigurationError):
        if alone:
            raise result
        talk(f"{stack}: cannot be compared\n{result}")
    return result


def _unseen(
    stack: str, files: StackFiles | ConfigurationError, error: ConfigurationError
) -> StackReport:
    """The report of a stack that could not be compared, so that no form of the report omits it."""
    declared = None if isinstance(files, ConfigurationError) else files.stack
    return StackReport(
        stack=stack,
        owner=declared.settings.owner if declared else "",
        github=declared.settings.github if declared else GITHUB_COM,
        repositories=len(declared.repositories) if declared else 0,
        findings=(),
        incomplete=(f"not compared: {reason(error)}",),
        blind=True,
        when=datetime.now(UTC),
    )


def _stacks(named: Sequence[str]) -> list[str]:
    """Each named stack once; without a name, all stacks except the samples.

    Raises:
        ConfigurationError: none is named, and there are only samples.
    """
    own = [folder.name for folder in stack_folders() if folder.name not in SAMPLES]
    if stacks := list(dict.fromkeys(named)) or own:
        return stacks
    text = "has only the sample stacks: name one, as in slipway drift sandbox"
    raise ConfigurationError([Problem(str(stacks_folder()), 0, "", text)])


def look(
    files: StackFiles, *, preview: bool = True, cache: bool = True, shared: Shared | None = None
) -> StackReport:
    """The differences in one stack.

    Args:
        files: its declarations.
        preview: True to run Pulumi's preview as well.
        cache: True to keep GitHub's answers and ask for them again conditionally.
        shared: looks of the command's other stacks.
    """
    stack = files.stack
    incomplete: list[str] = []
    with (
        progress(f"{stack.name}: looking") as told,
        beside(partial(_observe, stack, cache=cache, told=told, shared=shared)) as observation,
    ):
        export = _or_error(partial(pulumi_json, "stack", "export", "--stack", stack.name))
        planned = _or_error(partial(_plan, stack)) if preview else None
        observed = finished(observation)
    if isinstance(observed, Observed):
        # A missing OIDC provider is a finding, but another tool's cannot be created once more.
        wrong = list(provider_problems(files, provider_tags(observed), missing=False))
        wrong += plan_problems(files, offers(observed))
        if wrong:
            raise ConfigurationError(wrong)
    blind = isinstance(observed, ConfigurationError) and not isinstance(planned, list)
    if isinstance(planned, ConfigurationError):
        if isinstance(observed, Observed):
            planned = in_words(planned, files, observed)
        why = reason(planned)
        incomplete.append(
            f"differences that only Pulumi shows are missing, its preview fails: {why}"
        )
        planned = None
    if isinstance(export, ConfigurationError):
        incomplete.append(
            "overwritten secrets, reviewers' names that other accounts have now, repositories made "
            "public, and branches with less protection were not looked for, as the state cannot be "
            f"read: {reason(export)}"
        )
        export = _NO_STATE
    incomplete += unread_times(export)
    if isinstance(observed, ConfigurationError):
        incomplete.append(f"differences that Pulumi does not show are missing: {reason(observed)}")
        findings = merge((), planned)
    else:
        incomplete += accounts_left_out(observed)
        found = compare(stack, observed, written_secrets(export), read_given(export))
        findings = merge(found, planned)
    return StackReport(
        stack=stack.name,
        owner=stack.settings.owner,
        github=stack.settings.github,
        repositories=len(stack.repositories),
        findings=tuple(findings),
        incomplete=tuple(incomplete),
        blind=blind,
        when=datetime.now(UTC),
        declared=frozenset(repository.name for repository in stack.repositories),
        links=links(stack, observed if isinstance(observed, Observed) else None, findings),
    )


def _observe(
    stack: Stack,
    *,
    cache: bool,
    told: Progress,
    shared: Shared | None,
) -> Observed | ConfigurationError:
    """The live world, or the error if GitHub or AWS is out of reach.

    Raises:
        ConfigurationError: another error, such as a refused token or wrong settings.
    """
    try:
        # Leave out an account that cannot be reached, but not one that refuses the credentials.
        partly = Partly(failures=(ExitCode.ERROR,))
        question = partial(question_about, settings=stack.settings, other_texts=True)
        return observe(stack, question, cache=cache, progress=told, partly=partly, shared=shared)
    except ConfigurationError as error:
        if error.exit_code is not ExitCode.ERROR:
            raise
        return error


def _plan(stack: Stack) -> list[Finding]:
    """The findings of Pulumi's preview."""
    plan = pulumi_json("preview", "--refresh", "--json", "--stack", stack.name)
    found = list(preview_findings(plan, stack.role_owners()))
    if undeclared := undeclared_in_plan(found, stack.repositories):
        found = forgotten(found, archived_repositories(stack.settings, undeclared))
    return found


def _or_error(work: Callable[[], T]) -> T | ConfigurationError:
    try:
        return work()
    except ConfigurationError as error:
        return error
