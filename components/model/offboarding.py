"""What becomes of what slipway made once a repository is declared no more."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from components.model.base import Frozen, none_is_empty

Fate = Annotated[
    Literal["remove", "keep"], BeforeValidator(lambda value: none_is_empty(value, "remove"))
]


class Offboarding(Frozen):
    """What the next `up` leaves or removes after the repository's file is gone.

    Roles, and slipway's own secrets and variables, always go. Each `up` takes the choice down in
    Pulumi's state, since nothing declares it any more once it counts.
    """

    workflow_files: Fate = "remove"
    """The three files: removed from their branches, or left there."""
    environments: Fate = "remove"
    """dev, test and prod: deleted, with what others put into them, or left with their rules."""
