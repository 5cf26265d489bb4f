"""Compare the live world with the declarations during a preview, and list the differences."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from components.config.problems import ExitCode
from components.model.stack import Stack
from operations.diff.compare import compare
from operations.diff.last_up import read_given
from operations.engine.steps import Step
from operations.live.github.graphql import question_about
from operations.live.observed import RepositoryDetails
from operations.live.observer import Partly, observe
from operations.preview_warnings.unshown import not_shown_by_pulumi, sentence
from operations.reports.words import accounts_left_out
from operations.state.secret_write_times import unread_times, written_secrets


class Comparison:
    """The live world of one stack, read when this object is created."""

    def __init__(
        self, stack: Stack, details: Mapping[str, RepositoryDetails], patience: float
    ) -> None:
        """Read the live world; GitHub's answers are cached as `slipway drift` caches them.

        Args:
            stack: the declaration.
            details: by repository name, the details that the program has read already.
            patience: seconds after which an account that has not answered is left out.

        Raises:
            ConfigurationError: GitHub refuses, or can't be reached.
        """
        self._stack = stack
        partly = Partly(tuple(ExitCode), patience)
        self._observed = observe(
            stack,
            lambda one: replace(
                question_about(one, stack.settings, other_texts=True), details=details.get(one.name)
            ),
            partly=partly,
        )

    def accounts_left_out(self) -> list[str]:
        """A line for each account whose roles were not read."""
        return accounts_left_out(self._observed)

    def not_shown(
        self, planned: Iterable[Step], declared: Collection[str], state: Mapping[str, Any]
    ) -> list[str]:
        """A line for each difference that Pulumi does not show, and for each unreadable time.

        Args:
            planned: the creations and updates that the engine plans.
            declared: URNs of all registered resources.
            state: types, URNs and outputs of the stack's last state, in the form of an export.
        """
        stack = self._stack
        undeclared = [
            Step("delete", one["urn"], one["type"], one["outputs"], {}, ())
            for one in state["deployment"].get("resources", ())
            if one["urn"] not in declared and one["type"].startswith(("aws:", "github:"))
        ]
        found = compare(stack, self._observed, written_secrets(state), read_given(state))
        left = not_shown_by_pulumi(found, planned, undeclared, stack.role_owners())
        said = [sentence(one, stack.settings.owner, stack.name) for one in sorted(left)]
        return unread_times(state) + said
