"""What the observer has seen of a stack, and what of it Pulumi's own diff does not show."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from components.config.problems import ExitCode
from components.model.stack import Stack
from operations.diff.compare import compare
from operations.diff.last_up import read_given
from operations.diff.workflows.declared_files import DeclaredFiles
from operations.engine.role_owners import role_owners
from operations.engine.steps import Step
from operations.live.observed import RepositoryDetails
from operations.live.observer import Partly, observe
from operations.preview_warnings.told import sentence, untold
from operations.state.secret_write_times import unread_times, written_secrets
from operations.terminal.reason import once


class Seen:
    """One stack's live world, read when this is made."""

    def __init__(
        self, stack: Stack, details: Mapping[str, RepositoryDetails], patience: float
    ) -> None:
        """Read it, with GitHub's answers kept as `slipway drift` keeps them.

        Args:
            stack: the declaration.
            details: the program's reading of each repository, by name.
            patience: seconds after which an account that has not answered is left out.

        Raises:
            ConfigurationError: GitHub refuses, or can't be reached.
        """
        self._stack = stack
        self._files = DeclaredFiles(stack)
        partly = Partly(tuple(ExitCode), patience)
        self._observed = observe(
            stack,
            lambda one: replace(self._files.question(one), details=details.get(one.name)),
            partly=partly,
        )

    def unseen(self) -> list[str]:
        """A line for each account that was not looked at."""
        return [
            f"roles in AWS account {account_id} were not looked at: {once(why)}"
            for account_id, why in self._observed.unseen.items()
        ]

    def untold(
        self, planned: Iterable[Step], declared: Collection[str], state: Mapping[str, Any]
    ) -> list[str]:
        """A line for each difference that Pulumi does not show, and for what the state hides.

        Args:
            planned: the creations and updates that the engine plans.
            declared: URNs of all registered resources.
            state: types, URNs and outputs that the stack's last state has, as an export.
        """
        stack = self._stack
        undeclared = [
            Step("delete", one["urn"], one["type"], one["outputs"], {}, ())
            for one in state["deployment"].get("resources", ())
            if one["urn"] not in declared and one["type"].startswith(("aws:", "github:"))
        ]
        known = (written_secrets(state), self._files, read_given(state))
        found = compare(stack, self._observed, *known)
        left = untold(found, planned, undeclared, role_owners(stack))
        said = [sentence(one, stack.settings.owner, stack.name) for one in sorted(left)]
        return unread_times(state) + said
