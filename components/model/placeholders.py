"""Fill `{environment}` and `{repository}` in the names of functions, aliases and buckets.

With them, one declaration, or the stack's defaults, can name a separate function or bucket for each
environment and repository that share an account.
"""

import re
from typing import Final

_PLACEHOLDER: Final = re.compile(r"\{(environment|repository)\}")


def fill(name: str, *, environment: str, repository: str) -> str:
    """The name for one environment of one repository."""
    names = {"environment": environment, "repository": repository}
    return _PLACEHOLDER.sub(lambda found: names[found[1]], name)
