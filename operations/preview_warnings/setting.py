"""Whether a preview looks at the live world, and what becomes of what it finds."""

import os
from typing import Final

import pulumi

from components.config.problems import ConfigurationError, Problem
from operations.engine.look_variable import OFF, VARIABLE

#: Tell; tell and end the preview.
WARN: Final = "warn"
FAIL: Final = "fail"


def look_setting() -> str:
    """`warn`, `fail` or `off`: the environment's word, or the stack's, or `warn`.

    Raises:
        ConfigurationError: it is another word.
    """
    config = pulumi.Config("slipway")
    if VARIABLE in os.environ:
        place, given = (VARIABLE, ""), os.environ[VARIABLE]
    else:
        file = f"stacks/Pulumi.{pulumi.get_stack()}.yaml"
        place, given = (file, f"{config.name}:look"), config.get("look") or WARN
    if given not in (WARN, FAIL, OFF):
        text = f"{given!r} is none of `warn`, `fail` and `off`"
        raise ConfigurationError([Problem(place[0], 0, place[1], text)])
    return given
