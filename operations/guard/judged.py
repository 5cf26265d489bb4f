"""What a plan was judged by, compared with what is there right before it is carried out.

Declarations, Pulumi's state, and of the live world what the plan's steps are about: a plan binds
Pulumi to its steps, not to any of these.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.config.problems import ConfigurationError, ExitCode
from components.config.stack_files import StackFiles
from components.model.stack import Stack
from operations.engine.stack_state import Export, export_state
from operations.engine.steps import Step
from operations.guard.meanwhile import changed_meanwhile
from operations.live.observed import Observed

Look = Callable[[], Observed]
"""Reads the live world as it was read for the plan."""


@dataclass(frozen=True)
class Judged:
    """What a plan was made from, as it was judged."""

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
        """What is another one now, in words; empty where all is as it was.

        Args:
            look: reads the live world again.
        """
        if _declared_now(self.stack) != self.stack:
            return "its declarations have changed"
        if export_state(self.stack.name) != self.state:
            return "its state has changed, somebody else has updated it"
        if changed := changed_meanwhile(self.steps, self.roles, self.observed, look()):
            return f"{', '.join(changed)} changed"
        return ""


def _declared_now(stack: Stack) -> Stack | None:
    """The declarations as they are now; none where they have become wrong."""
    try:
        return StackFiles(Path("stacks") / stack.name).stack
    except ConfigurationError as error:
        if error.exit_code is not ExitCode.CONFIGURATION:
            raise
        return None
