"""Read what the declared environments of a repository contain already: variables and secrets.

`slipway validate --live` asks before the first `up`. Rules and patterns are not read: `up` writes
them whatever they are.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from operations.live.github.api import GitHub
from operations.live.github.environments import VARIABLES_A_PAGE, every


@dataclass(frozen=True)
class ExistingEnvironment:
    """An environment that exists."""

    variables: Mapping[str, str]
    """Values by name, in upper case as GitHub keeps it."""
    secrets: frozenset[str]
    """Names, in upper case."""


def read_existing(
    github: GitHub, full_name: str, names: Collection[str]
) -> dict[str, ExistingEnvironment]:
    """Those of the named environments that exist, by name in lower case.

    Raises:
        ConfigurationError: GitHub refuses, or can't be reached.
    """
    found, place = {}, f"repos/{full_name}/environments"
    for one in every(github, place, "environments"):
        if (name := str(one["name"]).lower()) in names:
            inside = f"{place}/{quote(one['name'], safe='')}"
            variables = every(github, f"{inside}/variables", "variables", VARIABLES_A_PAGE)
            secrets = every(github, f"{inside}/secrets", "secrets")
            found[name] = ExistingEnvironment(
                {str(variable["name"]).upper(): variable["value"] for variable in variables},
                frozenset(str(secret["name"]).upper() for secret in secrets),
            )
    return found
