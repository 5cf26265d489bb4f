"""The facts of a world: an owner, AWS accounts, and repositories with their declarations.

Facts are data: `World.model_dump_json` prints them, and `python -m tests.e2e.worlds FILE` plants
them again. Everything has a value that means "nothing", so that facts can be taken away one by one.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

#: A text, a number, a truth value, a list or a mapping, as in JSON.
Data = dict[str, Any]


class _Facts(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Role(_Facts):
    """A role in AWS that has the name of a declared one."""

    environment: str
    tagged: bool = False
    """Whether it has slipway's tags."""
    trusts_github: bool = False


class Repository(_Facts):
    """One repository on GitHub, what AWS has for it, and its declaration."""

    name: str
    visibility: Literal["public", "private", "internal"] = "public"
    archived: bool = False
    default_branch: str = "main"
    files: dict[str, str] = {}
    """Texts by path, on the default branch; without any, the repository is empty."""
    branches: dict[str, dict[str, str]] = {}
    """Further branches, each with the files that it has besides."""
    environments: list[Data] = []
    """As a seed of the sandbox has them."""
    rulesets: list[Data] = []
    """Bodies of `POST /repos/{owner}/{repo}/rulesets`."""
    organization_rulesets: list[Data] = []
    """The same for the organisation's rulesets; the repository's name is added."""
    protection: dict[str, Data] = {}
    """Bodies of classic protection by branch."""
    patterns: list[Data] = []
    """Classic protection by pattern, as `PUT /_sandbox/protection` takes it: REST has no route."""
    signed: list[str] = []
    """Branches with classic protection that demands signatures."""
    teams: dict[str, str] = {}
    """Permissions by slug."""
    collaborators: dict[str, str] = {}
    """Permissions by login."""
    pulls: list[tuple[str, str]] = []
    """Head and base of open pull requests of people."""
    subject_claims: list[str] = []
    """Claims of a customised subject; without any, GitHub's default."""
    roles: list[Role] = []
    declared_in_capitals: bool = False
    """Whether its file spells the name in capitals: GitHub ignores case."""
    declaration: Data = {}
    """Its file, without the key `repository`."""


class World(_Facts):
    """One owner, one stack, one or three AWS accounts."""

    owner: Literal["organization", "user"] = "organization"
    plan: Literal["free", "pro", "team", "enterprise"] = "enterprise"
    token: Literal["classic", "fine-grained", "app"] = "classic"
    """Whose it is: that of an owner, or of an App. GitHub tells the plan to a classic one only; the
    stack states it where `validate --live` demands it."""
    accounts: Literal[1, 3] = 1
    """One AWS account for all environments, or one each."""
    members_read: bool = True
    """Whether members of the organisation may read all of its repositories."""
    immutable_subjects: bool = False
    provider_exists: bool = True
    """Whether the accounts have GitHub's OIDC provider."""
    provider_declared: Literal["create", "existing"] = "existing"
    repositories: list[Repository] = Field(default_factory=list)

    def only(self, *names: str) -> "World":
        """The same world with these repositories alone."""
        some = [one for one in self.repositories if one.name in names]
        return self.model_copy(update={"repositories": some})
