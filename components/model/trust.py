"""The declaration of which id-tokens the role of an environment admits.

Deliberately absent: other repositories, environments and patterns. A role admits one environment of
one repository; `components/documents/trust.py` writes the policy.
"""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, model_validator

from components.model.base import Frozen, mistake, not_null

Claims = Literal["subject", "pinned"]
Form = Literal["auto", "classic", "immutable", "both"]


class Trust(Frozen):
    """The conditions of an environment's role on the id-token of a job (docs/trust.md)."""

    claims: Annotated[Claims, BeforeValidator(not_null)] = "subject"
    """`subject`: audience and subject. `pinned`: also the ids of repository and owner, the
    environment, and, where they are known, the ref and the workflow file."""

    subject: Annotated[Form, BeforeValidator(not_null)] = "auto"
    """Forms of the subject that the role admits. `auto`: the one that GitHub sends now; `classic`:
    the one without ids; `immutable`: the one with ids; `both`: a window for a move from one to the
    other."""

    keep_subject_statement: Annotated[bool, BeforeValidator(not_null)] = True
    """With `pinned`, whether a second statement still admits audience and subject alone. Until it
    is `false`, the other claims protect nothing: set it once the pinned statement was seen to
    admit a deployment (`slipway explain STACK REPO --token`)."""

    @model_validator(mode="after")
    def _acts(self) -> Self:
        """A reader of the file would take the role for pinned."""
        if not self.is_pinned and not self.keep_subject_statement:
            text = (
                "false acts with `claims: pinned` only, and this role admits the subject alone: "
                "declare both, or write true where the defaults have false"
            )
            raise mistake(text, "keep_subject_statement")
        return self

    @property
    def is_pinned(self) -> bool:
        """Whether a statement compares further claims."""
        return self.claims == "pinned"

    @property
    def admits_subject_alone(self) -> bool:
        """Whether audience and subject suffice."""
        return not self.is_pinned or self.keep_subject_statement
