"""Whether slipway's objects stay in a repository after its declaration is removed."""

from typing import Annotated, Literal

from pydantic import BeforeValidator

from components.model.base import Frozen, none_is_empty, null_is_false

Fate = Annotated[
    Literal["remove", "keep"], BeforeValidator(lambda value: none_is_empty(value, "remove"))
]


class Offboarding(Frozen):
    """Objects that the next `up` keeps or removes after the repository's file is gone.

    Roles, and slipway's own secrets and variables, are always removed. Each `up` stores the choice
    in Pulumi's state, because the declaration is gone when the choice is needed.
    """

    workflow_files: Fate = "remove"
    """The three files: removed from their branches, or left there."""
    environments: Fate = "remove"
    """dev, test and prod: deleted, with all contents of others, or left there with their rules."""
    now: Annotated[bool, null_is_false] = False
    """True to offboard the repository while its file is still there: workflow files leave branches
    that refuse commits by a pull request. Remove the file when that is merged."""
