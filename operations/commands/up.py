"""`slipway up`: refresh, preview, guard, `pulumi up` within the plan that was judged.

Pulumi does the update; slipway judges the plan before it (see `guard`). Without consent to each of
its reasons (`--accept`) it refuses a plan that deletes or weakens too much, with code 5, Pulumi's
for policies. Then only the state has changed: the refresh has brought it up to date. An update that
would change nothing at all is left out.
"""

import argparse
import json
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from components.config.baseline import judged, today
from components.config.problems import ConfigurationError, ExitCode
from components.config.sanitize import visible
from components.config.stack_files import StackFiles
from components.config.stacks import stacks_folder
from components.model.branches import stack_as_found
from components.model.stack import Stack
from components.objects.desired import desired
from operations.adoption.found_again import completed, found_again
from operations.adoption.importing import carry_out as carry_out_imports
from operations.adoption.importing import read_document
from operations.commands.refresh import Refreshed, refresh
from operations.diff.compare import compare
from operations.diff.finding import Finding, Repair
from operations.diff.last_up import read_given
from operations.diff.merge import merge
from operations.engine.backend.checkpoints import (
    last_beginning,
    note_beginning,
    written_at_the_end,
)
from operations.engine.continued.dependencies import waiting_imports
from operations.engine.continued.outcomes import Outcome, outcomes, read_events
from operations.engine.plan.findings import preview_findings
from operations.engine.plan.text import plan_lines
from operations.engine.plan.unchanged import changes_nothing
from operations.engine.saved_plan import (
    carry_out,
    events_file,
    import_file,
    plan_file,
    preview,
)
from operations.engine.stack_state import Export, export_state, replace_state, write_state
from operations.engine.steps import Step, plan_steps, repository_of
from operations.guard.judged import Judged
from operations.guard.judgement import reasons_against
from operations.guard.names import moved_elsewhere
from operations.guard.reason import Consent, Reason, Verdict, consent
from operations.guard.refused_creations import refused_creations
from operations.guard.waivers import repaired_places, to_judge, unfinished_places
from operations.live.github.graphql import Question
from operations.live.observed import Observed
from operations.live.observer import observe, observe_repositories
from operations.reports.by_repository import by_repository
from operations.state.added import without_added
from operations.state.pending import taken_over
from operations.terminal.lists import counted
from operations.terminal.output import agreed, talk

#: Objects are added at most so often: by their pending creations, then by an import.
_ADDITIONS: Final = 2


def run(options: argparse.Namespace) -> int:
    """Update one stack to its declaration."""
    files = StackFiles(stacks_folder() / options.stack)
    if weaker := judged(files, today()).problems:
        raise ConfigurationError(weaker)
    with plan_file() as file:
        return _run(files, file, options)


def _run(files: StackFiles, file: Path, options: argparse.Namespace) -> int:
    stack = files.stack
    agreed_to = consent(options.accept)
    planned = _planned(files, file, agreed_to)
    declared, stack = stack, stack_as_found(stack, planned.observed.repositories)
    plan, before = planned.plan, planned.before
    steps = list(plan_steps(plan))
    roles = stack.role_owners()
    if taken := list(refused_creations(files, steps, planned.observed, roles)):
        raise ConfigurationError(taken)
    leaving = {repository_of(step, roles) for step in steps if step.op == "delete"}
    observed = _with_others(stack, planned.observed, leaving)
    given = read_given(before)
    findings = merge(compare(stack, observed, given=given), preview_findings(plan, roles))
    left = [finding for finding in findings if finding.repair is not Repair.UP]
    if not steps:
        talk(_nothing_to_do(stack.name, findings))
    unfinished = unfinished_places(steps, before, stack, observed, planned.begun)
    findings = to_judge(findings, unfinished, repaired_places(steps, before, roles))
    own = without_added(plan, planned.state)
    reasons = reasons_against(stack, own, observed, findings, roles)
    reasons += moved_elsewhere(files, steps, roles, observed)
    reasons += (Reason(stack.name, visible(text)) for text in planned.staying)
    if not _consented(stack.name, agreed_to.judged(reasons), steps, roles):
        return ExitCode.POLICY
    if not options.yes and not _agreed(stack.name, steps, roles):
        talk(f"{stack.name}: nothing was changed")
        return ExitCode.CANCELLED
    inputs = Judged(declared, planned.state, observed, steps, roles)
    if steps and (change := inputs.changed(partial(_look, declared, leaving))):
        talk(f"{stack.name}: {change} since the plan was made; nothing was carried out, try again")
        return ExitCode.ERROR
    if not steps and _changes_nothing(file, planned, stack, roles):
        return ExitCode.SUCCESS
    go_on = options.go_on
    if go_on and (waiting := waiting_imports(plan, steps)):
        talk(_without_continue(stack.name, waiting))
        go_on = False
    note_beginning(stack.name, steps)
    code = carry_out(stack.name, file, written_at_the_end(plan), go_on=go_on)
    if code != ExitCode.SUCCESS:
        ended = list(outcomes(plan, steps, read_events(events_file(file))))
        _report(files, ended, roles, go_on=options.go_on)
    elif steps:
        talk(_done(stack.name, len(steps), left))
    return code


def _changes_nothing(
    file: Path, planned: "_Planned", stack: Stack, roles: Mapping[str, str]
) -> bool:
    """Whether the update is left out: not even the state would change."""
    saved = json.loads(file.read_text(encoding="utf-8"))
    live = planned.observed.repositories
    kept = {one.place for one in desired(stack, live) if one.keep}
    return changes_nothing(saved, planned.state, kept, roles)


def _consented(
    stack: str, verdict: Verdict, steps: Sequence[Step], roles: Mapping[str, str]
) -> bool:
    """Print the reasons, and whether each is accepted; the plan and a way if one is not."""
    for line in verdict.lines():
        talk(line)
    if not verdict.consented:
        _list(steps, roles)
        talk(f"{stack}: nothing was changed; {verdict.advice}")
    return verdict.consented


def _report(
    files: StackFiles, ended: Sequence[Outcome], roles: Mapping[str, str], *, go_on: bool
) -> None:
    """Print the failures and the next command; nothing if no step began: Pulumi has told why."""
    if all(one.state == "not begun" for one in ended):
        return
    for line in by_repository(files, ended, roles):
        talk(line)
    stack = files.stack.name
    talk(f"{stack}: put right what failed, then run slipway up {stack} again, which does the rest")
    if not go_on:
        talk(f"{stack}: with --continue, a change that fails stops only those that need it")


def _without_continue(stack: str, imports: Sequence[str]) -> str:
    return (
        f"{stack}: --continue is left out in this run, which stops at the first failure: "
        f"{', '.join(imports)} is imported, and Pulumi would not end if a change before it fails"
    )


def _nothing_to_do(stack: str, findings: Sequence[Finding]) -> str:
    if not findings:
        return f"{stack}: everything is as declared"
    return f"{stack}: nothing to carry out; {_left(stack, findings)}"


def _done(stack: str, steps: int, left: Sequence[Finding]) -> str:
    done = f"{stack}: {counted(steps, 'change', 'changes')} carried out"
    return f"{done}; {_left(stack, left)}" if left else done


def _left(stack: str, findings: Sequence[Finding]) -> str:
    """The number of differences that are left, and how to repair them.

    The first run over an existing environment leaves its undeclared patterns, variables and
    secrets. Another run deletes them, because Pulumi's state has the environment by then.
    """
    again = sum(finding.repair is Repair.REFRESH for finding in findings)
    by_hand = len(findings) - again
    parts = []
    if again:
        each = counted(again, "difference remains", "differences remain")
        parts.append(f"{each}, which slipway up {stack} repairs in another run")
    if by_hand:
        each = counted(by_hand, "difference is", "differences are")
        parts.append(f"{each} for a person to put right: slipway drift {stack}")
    return "; ".join(parts)


class _Planned(NamedTuple):
    """A plan, and everything that it is judged by."""

    observed: Observed
    """The live world."""
    before: Export
    """The state before the refresh."""
    state: Export
    """The state after it, of which the plan was made unless another run has changed it since."""
    plan: Any
    """The preview's JSON."""
    staying: Sequence[str] = ()
    """Workflow files that it would leave on their branches, a text for each branch."""
    begun: datetime | None = None
    """When a run began that was killed; None if no objects of one were found."""


def _planned(files: StackFiles, file: Path, agreed_to: Consent) -> _Planned:
    """Refresh and preview, again after each addition of objects that the state lacks."""
    stack = files.stack
    refreshed = refresh(files, agreed_to)
    for line in refreshed.corrected:
        talk(line)
    talk(f"{stack.name}: previewing")
    plan = preview(stack.name, file)
    before, begun = refreshed.before, None
    for _ in range(_ADDITIONS):
        if not _taken_over(stack, refreshed, plan, file):
            break
        refreshed = refresh(files, agreed_to)
        plan = preview(stack.name, file)
        begun = last_beginning(stack.name)
    state, staying = refreshed.state, refreshed.staying
    return _Planned(refreshed.observed, before, state, plan, staying, begun)


def _taken_over(stack: Stack, refreshed: Refreshed, plan: Any, file: Path) -> bool:
    """Take over objects that exist and that the plan would create; False if there are none."""
    state, observed = refreshed.state, refreshed.observed
    whole = taken_over(state, plan, observed)
    if whole != state:
        talk(f"{stack.name}: adding to the state objects that an interrupted run has made")
        replace_state(stack.name, state, whole)
        return True
    document = read_document(import_file(file))
    if not document:
        return False
    stack = stack_as_found(stack, observed.repositories)
    differing = {finding.place for finding in compare(stack, observed)}
    imports = found_again(document, plan, stack, observed, differing)
    if imports.count:
        objects = counted(imports.count, "object", "objects")
        talk(
            f"{stack.name}: adding {objects} to the state, which exist as declared: an interrupted "
            "run has made them, or the state was lost"
        )
        carry_out_imports(imports)
        imported = export_state(stack.name)
        write_state(stack.name, imported, completed(imported, plan))
    return bool(imports.count)


def _look(stack: Stack, leaving: Collection[str]) -> Observed:
    """The live world now, with what `_with_others` adds."""
    return _with_others(stack, observe(stack), leaving)


def _with_others(stack: Stack, observed: Observed, leaving: Collection[str]) -> Observed:
    """The live world with undeclared repositories from which the plan deletes objects."""
    names = sorted(set(leaving) - observed.repositories.keys() - {""})
    if not names:
        return observed
    questions = [Question(name, ()) for name in names]
    settings = stack.settings
    others = observe_repositories(
        settings.owner, questions, stated=settings.plan, github=settings.github
    )
    return replace(observed, repositories={**observed.repositories, **others})


def _agreed(stack: str, steps: Sequence[Step], roles: Mapping[str, str]) -> bool:
    """Whether the user agrees; without a terminal the user cannot be asked and has not agreed."""
    if not steps:
        return True
    changes = counted(len(steps), "change", "changes")
    # The user agrees to this plan. A second preview would make another plan than the one that runs.
    _list(steps, roles)
    if not sys.stdin.isatty():
        talk(f"{stack}: {changes}; say --yes to go on without a question")
        return False
    return agreed(f"Carry out {changes} of {stack}?")


def _list(steps: Sequence[Step], roles: Mapping[str, str]) -> None:
    """List every change with its properties."""
    for line in plan_lines(steps, roles):
        talk(line)
