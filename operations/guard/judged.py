"""Check that nothing a plan was judged by has changed, right before the plan is carried out.

Compared are the declarations, Pulumi's state and the live objects of the plan's steps: Pulumi keeps
to the steps of its plan and does not check these.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from components.config.problems import ConfigurationError, ExitCode
from components.config.stack_files import StackFiles
from components.config.stacks import stacks_folder
from components.model.stack import Stack
from operations.engine.process import beside, finished
from operations.engine.stack_state import Export, export_state
from operations.engine.steps import Step
from operations.guard.meanwhile import changed_meanwhile
from operations.live.observed import Observed

Look = Callable[[], Observed]
"""Reads the live world as it was read for the plan."""


@dataclass(frozen=True)
class Judged:
    """A plan's steps, and the inputs from which the plan was made."""

    stack: Stack
    """The declarations."""
    state: Export
    """Pulumi's state."""
    observed: Observed
    """GitHub and AWS."""
    steps: Sequence[Step]
    """The plan's steps."""
    roles: Mapping[str, str]
    """Declared name of the repository by its roles' names in lower case."""

    def changed(self, look: Look) -> str:
        """The first change since the plan was judged, as a message; empty if there is none.

        Args:
            look: reads the live world again.
        """
        if _declared_now(self.stack) != self.stack:
            return "its declarations have changed"
        with beside(look) as looking:
            if export_state(self.stack.name) != self.state:
                return "its state has changed, another run has updated it"
            live = finished(looking)
        if changed := changed_meanwhile(self.steps, self.roles, self.observed, live):
            return f"{', '.join(changed)} changed"
        return ""


def _declared_now(stack: Stack) -> Stack | None:
    """The present declarations; None if they have become invalid."""
    try:
        return StackFiles(stacks_folder() / stack.name).stack
    except ConfigurationError as error:
        if error.exit_code is not ExitCode.CONFIGURATION:
            raise
        return None
