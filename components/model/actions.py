"""The declared versions of the actions that slipway's own steps use.

Deliberately absent: the default versions (documents/workflows), and the actions of declared steps,
which name their version themselves.
"""

import re
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from components.model.base import mistake, present

#: The actions that the three workflows use.
_Action = Literal[
    "actions/checkout",
    "actions/setup-python",
    "actions/cache",
    "actions/upload-artifact",
    "actions/download-artifact",
    "aws-actions/configure-aws-credentials",
]
ACTIONS: Final[tuple[str, ...]] = get_args(_Action)

_COMMIT: Final = r"[0-9a-f]{40}"
#: A commit, and the version that a comment beside it names.
_EXPLAINED: Final = rf"{_COMMIT} # [\w.-][\w./+ -]{{0,99}}"
#: A tag or a branch (git: check-ref-format, without special characters of YAML and shells).
_REF: Final = r"(?!.*(?:\.\.|//|\.lock$|[/.]$))[\w][\w./+-]{0,243}"
_VERSION: Final = rf"{_EXPLAINED}|{_REF}"


def _known(value: Any) -> Any:
    if value not in ACTIONS:
        raise mistake(
            f"{value!r} is no action that the workflows use: allowed are {', '.join(ACTIONS)}"
        )
    return value


def _version(value: str) -> str:
    if re.fullmatch(_VERSION, value, re.ASCII):
        return value
    raise mistake(
        f"{value!r} is no version of an action: write a tag, a branch, a commit id (40 lower-case "
        'hexadecimal digits), or a commit id with its version, as in "<commit id> # v6.0.1"'
    )


def is_pinned(version: str) -> bool:
    """Whether a version is a commit id, with or without a comment beside it."""
    return re.fullmatch(rf"{_COMMIT}(?: # .+)?", version) is not None


ActionName = Annotated[_Action, BeforeValidator(_known)]
ActionVersion = Annotated[
    str, AfterValidator(_version), Field(json_schema_extra={"pattern": rf"^(?:{_VERSION})$"})
]
#: An action that is `null` has slipway's default version.
Actions = Annotated[dict[ActionName, ActionVersion], BeforeValidator(present)]
