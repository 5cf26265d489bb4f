"""The keys that every repository may have, and the standard's value of each.

A repository's file and `defaults` of its stack have the same keys. Deliberately absent: keys that
belong to one repository (its name, its folders), and rules about several keys together: these are
checked for each repository, as its file may correct the defaults.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WrapValidator

from components.model.actions import Actions
from components.model.base import Frozen, not_null, null_is_no_key
from components.model.ci import Ci, Profile, RunsOn, TimeoutMinutes
from components.model.delivery import Delivery
from components.model.environment import Branches, Environments
from components.model.offboarding import Offboarding
from components.model.packaging import Artifacts, Deploy, Package, deploy_or_none
from components.model.types import PythonVersion
from components.model.unmanaged import Unmanaged


class Defaults(Frozen):
    """Values for every repository of the stack, unless its file has others."""

    branches: Branches = Branches()
    """The branch that triggers each environment's deployment."""

    delivery: Delivery = "auto"
    """How workflow files reach their branches. `direct`: as commits. `pull_request`: as commits on
    a branch of slipway's own, with a pull request for each target branch. `auto`: by pull request
    where the branch's rules refuse commits of the token, else as commits."""

    python_versions: Annotated[
        tuple[PythonVersion, ...], BeforeValidator(not_null), Field(min_length=1)
    ] = ("3.10", "3.11", "3.12")
    """Python versions of the CI matrix, in quotes (YAML reads 3.10 as 3.1)."""

    profile: Profile = "standard"
    """`standard` follows the standard exactly. `strict`: CI blocks deployments, actions are pinned,
    prod deploys the tested commit and the tested package."""

    runs_on: RunsOn = ("ubuntu-latest",)
    """Runner of every job, one label or several."""

    timeout_minutes: TimeoutMinutes | None = None
    """Limit of every job. Default: GitHub's own, six hours."""

    actions: Actions = Field(default={})
    """Versions of the actions that the workflows use, by the action's name: a tag, a branch, or a
    commit id, with its version as a comment if you like:
    `actions/checkout: "<commit id> # v6.0.1"`. The strict profile accepts only commit ids. Default:
    the versions that slipway was tested with."""

    ci: Ci = Ci()
    """The three CI jobs."""

    environments: Environments = Environments()
    """The three environments."""

    deploy: Annotated[
        Deploy,
        null_is_no_key,
        WrapValidator(deploy_or_none, json_schema_input_type=Deploy | Literal["none"] | None),
    ] = Deploy()
    """The steps of a deployment. `none`: the repository has CI only, and neither environments nor
    roles."""

    package: Package = Package()
    """How the package is built."""

    artifacts: Annotated[Artifacts, null_is_no_key] = Artifacts()
    """Where packages are stored for other repositories, and which stored packages are needed."""

    offboarding: Annotated[Offboarding, null_is_no_key] = Offboarding()
    """Which objects stay after this file was removed."""

    unmanaged: Annotated[Unmanaged, null_is_no_key] = Unmanaged()
    """Objects that others manage in the repository: slipway ignores them."""
