"""`slipway up`: refresh, preview, guard, `pulumi up`.

The update itself is Pulumi's. What is added is a look at the plan before it: see `guard`. Without
`--accept` a plan that takes away or weakens is refused with code 5, Pulumi's for policies, and
nothing is changed but the state, which a refresh has made true.
"""

import argparse
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from components.config.other_stacks import stacks_declaring
from components.config.problems import ExitCode
from components.config.stack_files import StackFiles
from components.model.stack import Stack
from operations.drift import role_owners
from operations.drifting.compare import compare
from operations.drifting.given import given_reviewers
from operations.drifting.preview import Step, object_of, plan_steps, preview_findings, repository_of
from operations.drifting.union import union
from operations.guard.exempt import repaired_places, to_judge, unfinished_places
from operations.guard.judgement import reasons_against
from operations.observer.graphql import Question
from operations.observer.observed import Observed
from operations.observer.observer import observe_repositories
from operations.pulumi import pulumi_json, pulumi_shown
from operations.refresh import Refreshed, refresh
from operations.reports.report import counted
from operations.state.pending import taken_over
from operations.state.stack_state import export_state, replace_state
from operations.terminal import STACKS, agreed, talk
from operations.visible import visible


def run(options: argparse.Namespace) -> int:
    """Bring one stack to what is declared."""
    files = StackFiles(STACKS / options.stack)
    stack = files.stack
    (observed, _, before, _), plan = _planned(files, accept=options.accept)
    steps = list(plan_steps(plan))
    roles = role_owners(stack)
    leaving = {repository_of(step, roles) for step in steps if step.op == "delete"}
    observed = _with_others(stack, observed, leaving)
    given = given_reviewers(before)
    findings = union(compare(stack, observed, given=given), preview_findings(plan, roles))
    if not steps:
        talk(_nothing_to_do(stack.name, len(findings)))
    unfinished = unfinished_places(steps, before, stack, observed)
    findings = to_judge(findings, unfinished, repaired_places(steps, before, roles))
    reasons = reasons_against(stack, plan, observed, findings, roles)
    reasons += _moved(files, leaving)
    for reason in reasons:
        talk(f"  {reason}")
    if reasons and not options.accept:
        _list(steps, roles)
        talk(f"{stack.name}: nothing was changed; if all of this is meant, say --accept")
        return ExitCode.POLICY
    if not options.yes and not _agreed(stack.name, steps, roles):
        talk(f"{stack.name}: nothing was changed")
        return ExitCode.CANCELLED
    if StackFiles(STACKS / options.stack).stack != stack:
        talk(f"{stack.name}: its declarations have changed meanwhile; nothing was carried out")
        return ExitCode.ERROR
    # Outputs are many lines a repository: nobody reads them again where nothing is new.
    quiet = () if steps else ("--suppress-outputs",)
    return pulumi_shown("up", "--yes", "--skip-preview", *quiet, "--stack", stack.name)


def _nothing_to_do(stack: str, findings: int) -> str:
    if not findings:
        return f"{stack}: everything is as declared"
    left = counted(findings, "difference is", "differences are")
    return f"{stack}: nothing to carry out; {left} for a person to put right: slipway drift {stack}"


def _planned(files: StackFiles, *, accept: bool) -> tuple[Refreshed, Any]:
    """The first refresh with the live world now, and a plan with nothing in it that is made."""
    stack = files.stack
    refreshed = refresh(files, accept=accept)
    for line in refreshed.corrected:
        talk(line)
    talk(f"{stack.name}: previewing")
    plan = pulumi_json("preview", "--json", "--stack", stack.name)
    if taken_over(refreshed.state, plan, refreshed.observed) == refreshed.state:
        return refreshed, plan
    talk(f"{stack.name}: taking into the state what an earlier run made and did not write down")
    state = export_state(stack.name)
    replace_state(stack.name, state, taken_over(state, plan, refreshed.observed))
    again = refresh(files, accept=accept)
    plan = pulumi_json("preview", "--json", "--stack", stack.name)
    return refreshed._replace(observed=again.observed), plan


def _with_others(stack: Stack, observed: Observed, leaving: Collection[str]) -> Observed:
    """The live world with the repositories that would lose something and are not declared."""
    names = sorted(set(leaving) - {r.name for r in stack.repositories} - {""})
    if not names:
        return observed
    questions = [Question(name, ()) for name in names]
    others = observe_repositories(stack.settings.owner, questions)
    return replace(observed, repositories={**observed.repositories, **others})


def _agreed(stack: str, steps: Sequence[Step], roles: Mapping[str, str]) -> bool:
    """Whether a person at a terminal says yes; where nobody can be asked, they did not."""
    if not steps:
        return True
    changes = counted(len(steps), "change", "changes")
    if not sys.stdin.isatty():
        _list(steps, roles)
        talk(f"{stack}: {changes}; say --yes to go on without a question")
        return False
    pulumi_shown("preview", "--stack", stack)
    return agreed(f"Carry out {changes} of {stack}?")


def _moved(files: StackFiles, leaving: Collection[str]) -> list[str]:
    """Repositories that leave this stack while another declares them: what goes is the other's."""
    others = stacks_declaring(files)
    return [
        f"{name} is declared in {others[name.lower()]} now: what would be deleted is that stack's"
        for name in sorted(leaving)
        if name.lower() in others
    ]


def _list(steps: Sequence[Step], roles: Mapping[str, str]) -> None:
    """Tell every change, a line each."""
    for step in steps:
        place = repository_of(step, roles)
        # What Pulumi lets go of in one place it imports in the other.
        word = "take over" if step.retained else step.op
        talk(visible(f"    {word} {f'{place}: ' if place else ''}{object_of(step)}"))
