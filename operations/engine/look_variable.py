"""The environment variable that tells the program in a preview whether to read the live world.

slipway's commands set it to `off` for the previews that they start, as they read it themselves.
"""

from typing import Final

#: Wins over the stack's `slipway:look`.
VARIABLE: Final = "SLIPWAY_LOOK"
#: Do not look.
OFF: Final = "off"
