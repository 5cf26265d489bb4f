"""Which properties an update is about: the engine's hooks tell values and no differences."""

import json
from collections.abc import Mapping
from typing import Any, Final

#: Inputs that are left out where nothing is declared, so that only a refresh brings them.
_LEFT_OUT: Final = {"permissionsBoundary", "reviewers"}

State = Mapping[str, Any]


def differing(new: State, old: State, outputs: State) -> tuple[str, ...]:
    """Names of the properties that are declared otherwise than the state has them.

    Args:
        new: the declared inputs.
        old: the inputs that the state has.
        outputs: what the state has of the object itself: a refresh, or `slipway refresh`, may have
            changed these alone. Whatever else they have is no input.
    """
    return tuple(
        name
        for name in sorted(new.keys() | old.keys() | (outputs.keys() & _LEFT_OUT))
        if _plain(new.get(name)) != _plain(old.get(name))
        or (name in outputs and _plain(new.get(name)) != _plain(outputs[name]))
    )


def _plain(value: Any) -> Any:
    """A value as it is compared: policies by what they say, lists without order, empty as absent.

    What is secret or not known yet equals itself alone.
    """
    if isinstance(value, str) and value[:1] in "{[":
        try:
            value = json.loads(value)
        except ValueError:
            return value
    if isinstance(value, Mapping):
        members = {key: _plain(member) for key, member in value.items()}
        return {key: member for key, member in members.items() if member is not None} or None
    if isinstance(value, list):
        return sorted((_plain(item) for item in value), key=repr) or None
    return None if value in ("", False, 0) else value
