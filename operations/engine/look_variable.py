"""The environment variable that tells the program in a preview whether to read the live world.

slipway's commands set it to `off` for the previews that they start, as they read it themselves.
"""

from typing import Final

#: This variable overrides the stack's `slipway:look`.
VARIABLE: Final = "SLIPWAY_LOOK"
#: The value that switches the comparison off.
OFF: Final = "off"
