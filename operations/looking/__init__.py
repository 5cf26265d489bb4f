"""What the program's own preview tells of the live world besides Pulumi's diff."""

from typing import Final

#: The environment variable that wins over the stack's `slipway:look`. slipway's own commands set it
#: to `off`: they look at the live world themselves.
VARIABLE: Final = "SLIPWAY_LOOK"
#: Do not look.
OFF: Final = "off"
