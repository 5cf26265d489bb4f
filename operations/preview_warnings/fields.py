"""Find the properties that an update changes: the engine's hooks give only old and new values."""

import json
from collections.abc import Mapping
from typing import Any, Final

#: Inputs that the program omits if nothing is declared: then only the outputs have them.
_LEFT_OUT: Final = {"permissionsBoundary", "reviewers"}

State = Mapping[str, Any]


def differing(new: State, old: State, outputs: State) -> tuple[str, ...]:
    """Names of the properties whose declared value differs from the value in the state.

    Args:
        new: the declared inputs.
        old: the inputs that the state has.
        outputs: the outputs that the state has. A refresh, or `slipway refresh`, may have changed
            only these. Outputs that are no inputs are ignored.
    """
    return tuple(
        name
        for name in sorted(new.keys() | old.keys() | (outputs.keys() & _LEFT_OUT))
        if _plain(new.get(name)) != _plain(old.get(name))
        or (name in outputs and _plain(new.get(name)) != _plain(outputs[name]))
    )


def _plain(value: Any) -> Any:
    """A value in the form in which it is compared.

    JSON text is parsed, lists are sorted, and an empty value equals an absent one. A secret, or a
    value that is not known yet, equals only itself.
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
