"""`{environment}` and `{repository}` in names of what a deployment writes to.

So that one declaration, or the stack's defaults, names a function or a bucket of each environment's
own where several environments, or repositories, share an account.
"""

import re
from typing import Final

_PLACEHOLDER: Final = re.compile(r"\{(environment|repository)\}")


def fill(name: str, *, environment: str, repository: str) -> str:
    """The name of one environment of one repository."""
    names = {"environment": environment, "repository": repository}
    return _PLACEHOLDER.sub(lambda found: names[found[1]], name)
