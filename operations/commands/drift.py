"""`slipway drift`: whether the live world still is what is declared, told by two witnesses.

Pulumi's preview with refresh says what `up` would change; the observer says what Pulumi never looks
at. Reads only: neither writes to GitHub, AWS or Pulumi's state. Only `--issue` writes, one issue.
"""

import argparse
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Final, TypeVar

from components.config.oidc_accounts import provider_problems
from components.config.other_stacks import SAMPLES
from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.stack_files import StackFiles
from components.model.stack import Stack
from operations.commands.validate import stack_folders
from operations.diff.compare import compare
from operations.diff.finding import Finding
from operations.diff.last_up import read_given
from operations.diff.merge import merge
from operations.diff.workflows.declared_files import DeclaredFiles
from operations.engine.forgotten import forgotten, undeclared_in_plan
from operations.engine.plan_findings import preview_findings
from operations.engine.process import beside, pulumi_json
from operations.engine.role_owners import role_owners
from operations.engine.stack_state import Export
from operations.live.github.graphql import archived_repositories
from operations.live.github.plans import plan_problems
from operations.live.github.repository import Progress
from operations.live.observed import Observed, offers, provider_tags
from operations.live.observer import Partly, observe
from operations.reports.publish import publish_reports
from operations.reports.report import StackReport
from operations.state.secret_write_times import unread_times, written_secrets
from operations.state.unreadable import in_words
from operations.terminal.output import STACKS, progress, talk, writable
from operations.terminal.reason import once, reason

#: What several stacks come to, the worst first.
_WORST_FIRST: Final = (
    ExitCode.AUTHENTICATION,
    ExitCode.CONFIGURATION,
    ExitCode.ERROR,
    ExitCode.CHANGES,
    ExitCode.SUCCESS,
)


#: What stands for a state that has nothing to tell.
_NO_STATE: Final[Export] = {"deployment": {}}

T = TypeVar("T")


def run(options: argparse.Namespace) -> int:
    """Look at the given stacks, or at all; report; 7 on drift, 1 where a witness failed.

    Of several stacks each is looked at, whatever the others come to; the code is then the worst.
    """
    if options.html:
        writable(options.html)
    stacks = _stacks(options.stacks)
    alone = len(stacks) == 1
    # All are read before the first look, which takes long: mistakes are told at once.
    declared = {
        stack: _tried(stack, partial(StackFiles, STACKS / stack), alone=alone) for stack in stacks
    }
    reports, codes = [], [ExitCode.SUCCESS]
    for stack, files in declared.items():
        seen: StackReport | ConfigurationError
        if isinstance(files, ConfigurationError):
            seen = files
        else:
            looking = partial(look, files, preview=options.preview, cache=options.cache)
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
    """What a step comes to for one of several stacks, or why it fails, which is told at once.

    Raises:
        ConfigurationError: the step fails, and there are no other stacks to go on with.
    """
    try:
        return step()
    except ConfigurationError as error:
        if alone:
            raise
        talk(f"{stack}: cannot be looked at\n{error}")
        return error


def _unseen(
    stack: str, files: StackFiles | ConfigurationError, error: ConfigurationError
) -> StackReport:
    """What every form of the report has of a stack that was not looked at: it is not left out."""
    declared = None if isinstance(files, ConfigurationError) else files.stack
    return StackReport(
        stack=stack,
        owner=declared.settings.owner if declared else "",
        repositories=len(declared.repositories) if declared else 0,
        findings=(),
        incomplete=(f"not looked at: {reason(error)}",),
        blind=True,
        when=datetime.now(UTC),
    )


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
    with (
        progress(f"{stack.name}: looking") as told,
        beside(partial(_observe, stack, rendered, cache=cache, told=told)) as observation,
    ):
        export = _exported(stack)
        planned = _plan(stack) if preview else None
        observed = observation.result()
    if isinstance(observed, Observed):
        # A provider that is not there is a finding; one that another made can't be made again.
        wrong = list(provider_problems(files, provider_tags(observed), missing=False))
        wrong += plan_problems(files, offers(observed))
        if wrong:
            raise ConfigurationError(wrong)
    blind = isinstance(observed, ConfigurationError) and not isinstance(planned, list)
    if isinstance(planned, ConfigurationError):
        if isinstance(observed, Observed):
            planned = in_words(planned, files, observed)
        incomplete.append(f"what only Pulumi sees is missing, its preview fails: {reason(planned)}")
        planned = None
    if isinstance(export, ConfigurationError):
        incomplete.append(
            "whether a secret was overwritten, a reviewer's name is another's now, a repository "
            "was made public, or a branch is less protected is not known, the state cannot be "
            "read: "
            f"{reason(export)}"
        )
        export = _NO_STATE
    incomplete += unread_times(export)
    if isinstance(observed, ConfigurationError):
        incomplete.append(f"what Pulumi does not see is missing: {reason(observed)}")
        findings = merge((), planned)
    else:
        incomplete += [
            f"roles in AWS account {account_id} were not looked at: {once(why)}"
            for account_id, why in observed.unseen.items()
        ]
        known = (written_secrets(export), rendered, read_given(export))
        findings = merge(compare(stack, observed, *known), planned)
    return StackReport(
        stack=stack.name,
        owner=stack.settings.owner,
        repositories=len(stack.repositories),
        findings=tuple(findings),
        incomplete=tuple(incomplete),
        blind=blind,
        when=datetime.now(UTC),
        declared=frozenset(repository.name for repository in stack.repositories),
    )


def _observe(
    stack: Stack, rendered: DeclaredFiles, *, cache: bool, told: Progress
) -> Observed | ConfigurationError:
    """The live world, or why it can't be seen now.

    Raises:
        ConfigurationError: for what no other witness makes up for: a refused token, wrong settings.
    """
    try:
        # Refused credentials are nobody's account.
        partly = Partly(failures=(ExitCode.ERROR,))
        return observe(stack, rendered.question, cache=cache, progress=told, partly=partly)
    except ConfigurationError as error:
        if error.exit_code is not ExitCode.ERROR:
            raise
        return error


def _plan(stack: Stack) -> list[Finding] | ConfigurationError:
    """What the preview would change, or why it can't be said."""
    try:
        plan = pulumi_json("preview", "--refresh", "--json", "--stack", stack.name)
        found = list(preview_findings(plan, role_owners(stack)))
        if undeclared := undeclared_in_plan(found, stack.repositories):
            found = forgotten(found, archived_repositories(stack.settings.owner, undeclared))
    except ConfigurationError as error:
        return error
    return found


def _exported(stack: Stack) -> Export | ConfigurationError:
    """The state, or why it can't be read."""
    try:
        export: Export = pulumi_json("stack", "export", "--stack", stack.name)
    except ConfigurationError as error:
        return error
    return export
