"""The keys that every repository may have, and the standard's own value of each.

A repository's file has these keys, and `defaults` of its stack has the same. Deliberately absent:
keys that fit one repository alone (its name, its folders), and rules about several keys together,
which are a repository's: defaults are one layer of it, and the layer above may mend them.
"""

from typing import Annotated

from pydantic import BeforeValidator, Field

from components.model.actions import Actions
from components.model.base import Frozen, not_null, null_is_no_key
from components.model.ci import Ci, Profile, RunsOn, TimeoutMinutes
from components.model.environment import Branches, Environments
from components.model.offboarding import Offboarding
from components.model.packaging import Artifacts, Deploy, Package
from components.model.types import PythonVersion
from components.model.unmanaged import Unmanaged


class Defaults(Frozen):
    """What holds for every repository of the stack unless its file says otherwise."""

    branches: Branches = Branches()
    """The branch that triggers each environment's deployment."""

    python_versions: Annotated[
        tuple[PythonVersion, ...], BeforeValidator(not_null), Field(min_length=1)
    ] = ("3.10", "3.11", "3.12")
    """Python versions of the CI matrix, in quotes (YAML reads 3.10 as 3.1)."""

    profile: Profile = "standard"
    """`standard` is the standard's letter. `strict`: CI blocks deployments, actions are pinned,
    prod deploys the tested commit and the tested package."""

    runs_on: RunsOn = ("ubuntu-latest",)
    """Runner of every job, one label or several."""

    timeout_minutes: TimeoutMinutes | None = None
    """Limit of every job. Default: GitHub's own, six hours."""

    actions: Actions = Field(default={})
    """Versions of the actions that the workflows use, by the action's name: a tag, a branch, or a
    commit id, which alone the strict profile takes, with its version if you like:
    `actions/checkout: "<commit id> # v6.0.1"`. Default: those that slipway was tested with."""

    ci: Ci = Ci()
    """The three CI jobs."""

    environments: Environments = Environments()
    """The three environments."""

    deploy: Annotated[Deploy, null_is_no_key] = Deploy()
    """What a deployment does."""

    package: Package = Package()
    """How the package is built."""

    artifacts: Annotated[Artifacts, null_is_no_key] = Artifacts()
    """Where packages are stored for others, and what deployments need of theirs."""

    offboarding: Annotated[Offboarding, null_is_no_key] = Offboarding()
    """What becomes of it all once this file is gone."""

    unmanaged: Annotated[Unmanaged, null_is_no_key] = Unmanaged()
    """What others manage in the repository: left alone, and no drift."""
