"""`slipway refresh`: Pulumi's refresh, and the changes that the providers' refresh overlooks.

Afterwards plain `pulumi preview` shows removed reviewers and overwritten secrets, and plain
`pulumi up` repairs them. Nothing is written to GitHub or AWS.
"""

import argparse
from collections.abc import Iterator, Sequence
from copy import deepcopy
from functools import partial
from itertools import chain
from typing import NamedTuple

from components.config.oidc_accounts import provider_problems
from components.config.problems import ConfigurationError, ExitCode, Problem
from components.config.sanitize import visible
from components.config.stack_files import StackFiles
from components.config.stacks import stacks_folder
from components.model.branches import stack_as_found
from components.model.stack import Stack
from operations.diff.compare import compare
from operations.engine.backend.locks import past_locks
from operations.engine.process import beside, finished, pulumi
from operations.engine.stack_state import (
    Export,
    StateChangedError,
    export_state,
    replace_state,
    write_state,
)
from operations.guard.names import with_other_meaning
from operations.guard.reason import NO_CONSENT, Consent, Reason, joined
from operations.live.github.plans import plan_problems
from operations.live.github.reviewers import way_in
from operations.live.observed import Observed, offers, provider_tags
from operations.live.observer import observe
from operations.live.obstacles import obstacles
from operations.state.added import tell_added
from operations.state.corrections import correct
from operations.state.declared_inputs import keep_declared
from operations.state.leftovers import retain_external
from operations.state.offboarding import prepare_offboarding
from operations.state.other_github import other_github
from operations.state.pending import resolved
from operations.state.renames import undeclared_renames
from operations.state.secret_write_times import unread_times, written_secrets
from operations.state.unreadable import in_words
from operations.terminal.output import data, progress, talk


def run(options: argparse.Namespace) -> int:
    """Refresh one stack."""
    files = StackFiles(stacks_folder() / options.stack)
    stack = files.stack
    refreshed = refresh(files)
    for line in refreshed.corrected:
        data(line)
    first = list(_ways_in(stack, refreshed.observed))
    for line in (*first, *refreshed.staying):
        talk(line)
    if not refreshed.corrected:
        talk(f"{stack.name}: refreshed; nothing to correct")
    else:
        then = "after that, " if first else ""
        talk(f"{then}pulumi preview --stack {stack.name} shows it, pulumi up repairs it")
    return ExitCode.SUCCESS


def _ways_in(stack: Stack, observed: Observed) -> Iterator[str]:
    """Steps for the user before any `up`: the program refuses reviewers without access."""
    for repository in stack.repositories:
        live = observed.repositories.get(repository.name)
        declared = (
            repository.environment(name).reviewers.names for name in repository.environment_names
        )
        if live is not None:
            full_name = f"{stack.settings.owner}/{repository.name}"
            for who in sorted(live.outsiders.intersection(chain(*declared))):
                yield f"{way_in(who, full_name)}: GitHub drops a reviewer that has none"


class Refreshed(NamedTuple):
    """The result of a refresh."""

    observed: Observed
    """The live world."""
    corrected: list[str]
    """Corrections of the state beyond the providers' refresh, a text each."""
    before: Export
    """The state before it."""
    state: Export
    """The state after it."""
    staying: Sequence[str] = ()
    """Workflow files that an offboarding would leave on their branches, a text for each branch."""


def refresh(files: StackFiles, agreed_to: Consent = NO_CONSENT) -> Refreshed:
    """Refresh the state of a stack.

    Args:
        files: the stack's declarations.
        agreed_to: goes on if another repository has taken the name of an onboarded one and each of
            the reasons against that is accepted.

    Raises:
        ConfigurationError: the stack is in use; GitHub, AWS or Pulumi fail; another repository
            has taken a name, so that a refresh would drop the first one from the state; a
            repository was renamed without `previously`, or has no commit; the state is of another
            GitHub.
    """
    stack = files.stack
    with (
        progress(f"{stack.name}: observing") as report,
        beside(partial(observe, stack, progress=report)) as looking,
    ):
        before = export_state(stack.name)
        if problems := other_github(files, before) or undeclared_renames(files, before):
            raise ConfigurationError(problems)
        observed = finished(looking)
    written = written_secrets(before)
    for unknown in unread_times(before):
        talk(visible(unknown))
    stack = stack_as_found(stack, observed.repositories)
    problems = list(_without_commit(files, observed))
    problems += provider_problems(files, provider_tags(observed))
    problems += plan_problems(files, offers(observed))
    problems += _taken_names(files, observed, agreed_to)
    if problems:
        raise ConfigurationError(problems)
    if before["deployment"].get("pending_operations"):
        _resolve(stack.name, before, observed)
    talk(f"{stack.name}: refreshing the state")
    # Also an empty state: the refresh takes the stack's lock, and names a run that has it.
    try:
        _refresh_state(stack.name)
    except ConfigurationError as error:
        raise in_words(error, files, observed) from error
    after = export_state(stack.name)
    corrected = deepcopy(after)
    said = correct(corrected, observed, written)
    said += tell_added(corrected, stack, observed)
    said += retain_external(corrected, stack.repositories)
    offboarded, staying = prepare_offboarding(corrected, stack, observed)
    said += offboarded
    keep_declared(corrected, before)
    if corrected != after:
        backup = write_state(stack.name, after, corrected)
        if said:
            restore = f"pulumi stack import --stack {stack.name} --file {backup}"
            talk(f"the former state is kept: {restore}")
        # The import adds details such as its time.
        after = export_state(stack.name)
    return Refreshed(observed, said, before, after, staying)


def _resolve(stack: str, before: Export, observed: Observed) -> None:
    """Add objects of an interrupted update to the state, unless that update still runs."""
    talk(f"{stack}: resolving what an interrupted update left pending")
    try:
        past_locks(stack, lambda: replace_state(stack, before, resolved(before, observed)))
    except StateChangedError:
        # The running update holds the lock, and Pulumi's error names its owner.
        _refresh_state(stack)
        raise


def _refresh_state(stack: str) -> None:
    refreshing = ("refresh", "--yes", "--skip-preview", "--stack", stack)
    past_locks(stack, lambda: pulumi(*refreshing))


def _without_commit(files: StackFiles, observed: Observed) -> Iterator[Problem]:
    """Repositories without a commit: there the provider's refresh of a file fails with 409."""
    for repository in files.stack.repositories:
        full_name = f"{files.stack.settings.owner}/{repository.name}"
        for obstacle in obstacles(full_name, observed.repositories.get(repository.name)):
            if obstacle.kind == "no_commit":
                text = f"{full_name} {obstacle.text}"
                yield files.problem(repository, ("repository",), text)


def _taken_names(files: StackFiles, observed: Observed, agreed_to: Consent) -> Iterator[Problem]:
    """Repositories whose name another one has taken: their roles still trust the first one."""
    found = [one for one in compare(files.stack, observed) if one.rule == "role/other_repository"]
    stack = files.stack.name
    for repository in files.stack.repositories:
        its = [one for one in found if one.repository == repository.name]
        reasons = [Reason(stack, visible(text)) for text in with_other_meaning(its)]
        if its and not agreed_to.covers(reasons):
            text = (
                f"is another repository than the one that slipway onboarded: {its[-1].object} "
                f"trusts {its[-1].live}, and this one is {its[-1].declared}. If the first one was "
                f"renamed, declare its new name; if this one replaces it, run slipway up "
                f"{stack} --accept {joined(reasons)}"
            )
            yield files.problem(repository, ("repository",), text)
