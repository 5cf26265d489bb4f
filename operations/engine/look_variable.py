"""The environment variable that tells a program's own preview whether to look at the live world.

slipway's commands set it to `off` for the previews that they start: they look themselves.
"""

from typing import Final

#: Wins over the stack's `slipway:look`.
VARIABLE: Final = "SLIPWAY_LOOK"
#: Do not look.
OFF: Final = "off"
