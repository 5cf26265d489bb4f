"""Read the setting that says whether a preview compares the live world, and how it reports."""

import os
from typing import Final

import pulumi

from components.config.problems import ConfigurationError, Problem
from operations.engine.look_variable import OFF, VARIABLE

#: Report each difference as a warning.
WARN: Final = "warn"
#: Report all differences as one error, which ends the preview.
FAIL: Final = "fail"


def look_setting() -> str:
    """`warn`, `fail` or `off`: from the environment variable, else from the stack, else `warn`.

    Raises:
        ConfigurationError: it has another value.
    """
    config = pulumi.Config("slipway")
    if VARIABLE in os.environ:
        place, given = (VARIABLE, ""), os.environ[VARIABLE]
    else:
        file = f"stacks/Pulumi.{pulumi.get_stack()}.yaml"
        place, given = (file, f"{config.name}:look"), config.get("look") or WARN
    if given not in (WARN, FAIL, OFF):
        text = f"{given!r} is not one of `warn`, `fail` and `off`"
        raise ConfigurationError([Problem(place[0], 0, place[1], text)])
    return given
