"""`slipway up`: refresh, preview, guard, `pulumi up`.

The update itself is Pulumi's. What is added is a look at the plan before it: see `guard`. Without
`--accept` a plan that takes away or weakens is refused with code 5, Pulumi's for policies, and
nothing is changed but the state, which a refresh has made true.
"""

import argparse
import sys
from collections.abc import Collection
from dataclasses import replace

from components.config.problems import ExitCode
from components.config.stack_files import StackFiles
from components.model.stack import Stack
from operations.drift import role_owners
from operations.drifting.compare import compare
from operations.drifting.preview import plan_steps, preview_findings, repository_of
from operations.drifting.union import union
from operations.guard.judgement import reasons_against
from operations.observer.graphql import Question
from operations.observer.observed import Observed
from operations.observer.observer import observe_repositories
from operations.pulumi import pulumi_json, pulumi_shown
from operations.refresh import refresh
from operations.terminal import STACKS, console, talk


def run(options: argparse.Namespace) -> int:
    """Bring one stack to what is declared."""
    stack = StackFiles(STACKS / options.stack).stack
    observed, corrected = refresh(stack)
    for line in corrected:
        talk(line)
    talk(f"{stack.name}: previewing")
    plan = pulumi_json("preview", "--json", "--stack", stack.name)
    steps = list(plan_steps(plan))
    if not steps:
        talk(f"{stack.name}: everything is as declared")
    roles = role_owners(stack)
    leaving = {repository_of(step, roles) for step in steps if step.op == "delete"}
    observed = _with_others(stack, observed, leaving)
    findings = union(compare(stack, observed), preview_findings(plan, roles))
    reasons = reasons_against(stack, plan, observed, findings, roles)
    for reason in reasons:
        talk(f"  {reason}")
    if reasons and not options.accept:
        talk(f"{stack.name}: nothing was changed; if all of this is meant, say --accept")
        return ExitCode.POLICY
    if not options.yes and not _agreed(stack.name, len(steps)):
        return ExitCode.CANCELLED
    return pulumi_shown("up", "--yes", "--skip-preview", "--stack", stack.name)


def _with_others(stack: Stack, observed: Observed, leaving: Collection[str]) -> Observed:
    """The live world with the repositories that would lose something and are not declared."""
    names = sorted(set(leaving) - {r.name for r in stack.repositories} - {""})
    if not names:
        return observed
    questions = [Question(name, ()) for name in names]
    others = observe_repositories(stack.settings.owner, questions)
    return replace(observed, repositories={**observed.repositories, **others})


def _agreed(stack: str, steps: int) -> bool:
    """Whether a person at a terminal says yes; where nobody can be asked, they did not."""
    if not steps:
        return True
    if not sys.stdin.isatty():
        talk(f"{stack}: {steps} changes; say --yes to carry them out without a question")
        return False
    pulumi_shown("preview", "--stack", stack)
    return console().input(f"Carry out {steps} changes of {stack}? (yes/no) ") == "yes"
