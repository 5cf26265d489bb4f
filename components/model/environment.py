"""A deployment environment of GitHub: its rules, branches, variables, secrets and role."""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from pydantic.json_schema import SkipJsonSchema

from components.model.base import (
    Frozen,
    mistake,
    none_is_empty,
    not_null,
    null_is_false,
    null_is_no_item,
    null_is_no_key,
    or_none,
    present,
)
from components.model.role import Role
from components.model.trust import Trust
from components.model.types import (
    MAX_REVIEWERS,
    BranchName,
    ConfigurationName,
    Login,
    RefPattern,
    TeamSlug,
    WaitMinutes,
    matching,
)

#: Prefix of a team's slug in a list of names of both users and teams.
TEAM: Final = "team "

AppSlug = Annotated[
    str,
    AfterValidator(
        matching(
            r"[a-z0-9](?:[a-z0-9-]{0,98})",
            "the slug of a GitHub App",
            "lower-case letters, digits and '-', as in github.com/apps/SLUG",
        )
    ),
]


class Reviewers(Frozen):
    """Users and teams, one of whom must approve a deployment: logins and slugs, never ids."""

    users: Annotated[tuple[Login, ...], null_is_no_item] = ()
    """Logins."""
    teams: Annotated[tuple[TeamSlug, ...], null_is_no_item] = ()
    """Slugs of teams of the stack's owner."""

    @property
    def names(self) -> frozenset[str]:
        """All reviewers: a login in lower case, or `team SLUG`."""
        logins = (login.lower() for login in self.users)
        return frozenset((*logins, *(f"{TEAM}{slug}" for slug in self.teams)))

    @model_validator(mode="after")
    def _six_at_most(self) -> Self:
        count = len(self.users) + len(self.teams)
        if count > MAX_REVIEWERS:
            raise mistake(
                f"{count} reviewers given, GitHub allows {MAX_REVIEWERS} (users and teams "
                "together): name a team instead of its members"
            )
        names = [name.lower() for name in (*self.users, *(f"{TEAM}{t}" for t in self.teams))]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise mistake(f"named twice: {', '.join(twice)}; name each reviewer once")
        return self


#: `{env: null}` would name no source, and so mean Pulumi's configuration without a message.
_Source = Annotated[str | SkipJsonSchema[None], BeforeValidator(not_null)]


class SecretSource(Frozen):
    """The source of a secret's value; one of these, or Pulumi's configuration."""

    env: _Source = None
    """An environment variable of the process that runs `pulumi`."""
    secretsmanager: _Source = None
    """Name or ARN of an AWS Secrets Manager secret in the environment's account."""
    ssm: _Source = None
    """Name of an AWS SSM parameter in the environment's account."""
    external: bool = False
    """Another tool or person writes the value: slipway expects the secret and never changes it."""

    @model_validator(mode="after")
    def _at_most_one(self) -> Self:
        given = [key for key in ("env", "secretsmanager", "ssm") if getattr(self, key) is not None]
        given += ["external"] if self.external else []
        if len(given) > 1:
            raise mistake(f"{' and '.join(given)} given: a secret has one source, keep one")
        return self


#: Sources that are written as one word.
_IN_WORDS: Final[dict[str, dict[str, bool]]] = {"config": {}, "external": {"external": True}}


def _secrets_by_name(value: Any) -> Any:
    """Expand a plain list of names, whose values are in Pulumi's configuration, to a mapping."""
    if value is None:
        return {}
    if isinstance(value, list | tuple):
        if not all(isinstance(name, str) for name in value):
            raise mistake("the list holds names only; values never stand in a declaration")
        names = list(value)
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise mistake(f"named twice: {', '.join(twice)}; name each secret once")
        return {name: {} for name in names}
    if isinstance(value, dict):
        return {
            name: _IN_WORDS.get(source, source) if isinstance(source, str) else source
            for name, source in value.items()
            if source is not None
        }
    return value


#: The allowed forms of `secrets`, for editors.
_SecretsInput = (
    list[ConfigurationName]
    | dict[ConfigurationName, SecretSource | Literal["config", "external"] | None]
)
_Secrets = BeforeValidator(_secrets_by_name, json_schema_input_type=_SecretsInput)


class Environment(Frozen):
    """One deployment environment with its protection rules, configuration and role."""

    reviewers: Annotated[Reviewers, null_is_no_key] = Reviewers()
    """Users and teams, one of whom must approve a deployment. Default: none."""

    wait_minutes: Annotated[WaitMinutes, BeforeValidator(lambda v: none_is_empty(v, 0))] = 0
    """Minutes before a deployment may start. GitHub's limit is 30 days, 43,200 minutes."""

    prevent_self_review: Annotated[bool, null_is_false] = False
    """Whether the user who triggered a deployment may not approve it."""

    admin_bypass: Annotated[bool, null_is_false] = True
    """Whether administrators may bypass the protection rules."""

    deployment_branches: tuple[RefPattern, ...] | None = None
    """Patterns of branches that may deploy. Default: the branch that triggers the environment."""

    deployment_tags: Annotated[tuple[RefPattern, ...], null_is_no_item] = ()
    """Patterns of tags that may deploy. Default: none."""

    deployment_protection_rules: Annotated[
        tuple[AppSlug, ...], null_is_no_item, Field(max_length=6)
    ] = ()
    """Slugs of GitHub Apps whose custom deployment protection rules are expected, at most six.
    slipway reports differences and never writes these rules. Default: none."""

    secrets: Annotated[dict[ConfigurationName, SecretSource], _Secrets] = Field(default={})
    """A list of names whose values are in Pulumi's configuration, or a source for each name:
    `config` (Pulumi's configuration), {env: ...}, {secretsmanager: ...}, {ssm: ...}, or `external`
    for a secret that another tool or person writes."""

    variables: Annotated[dict[ConfigurationName, str], BeforeValidator(present)] = Field(default={})
    """Variables by name. AWS_ROLE_ARN and AWS_REGION are always set and cannot be declared."""

    exclusive: Annotated[bool, null_is_false] = False
    """Whether `slipway up` deletes undeclared variables and secrets; otherwise they stay and are
    drift."""

    role: Role = Role()
    """The AWS role of the environment."""

    trust: Annotated[Trust, null_is_no_key] = Trust()
    """Which id-tokens that role admits. Default: those with the subject that GitHub sends now."""

    @property
    def managed_secrets(self) -> dict[ConfigurationName, SecretSource]:
        """The secrets whose values slipway writes."""
        return {name: source for name, source in self.secrets.items() if not source.external}

    @model_validator(mode="after")
    def _patterns_are_different(self) -> Self:
        """GitHub has each pattern once, and so has Pulumi's state."""
        for key in ("deployment_branches", "deployment_tags"):
            patterns = getattr(self, key) or ()
            if twice := sorted({one for one in patterns if patterns.count(one) > 1}):
                raise mistake(f"named twice: {', '.join(twice)}; name each pattern once", key)
        return self

    @model_validator(mode="after")
    def _names_are_free(self) -> Self:
        own = {"AWS_ROLE_ARN", "AWS_REGION"} & {name.upper() for name in self.variables}
        if own:
            text = f"{', '.join(sorted(own))}: slipway sets this variable; remove it"
            raise mistake(text, "variables")
        for kind, names in (("secret", self.secrets), ("variable", self.variables)):
            upper = [name.upper() for name in names]
            twice = sorted({name for name in upper if upper.count(name) > 1})
            if twice:
                text = f"{kind} {', '.join(twice)} given twice: GitHub ignores case"
                raise mistake(text, f"{kind}s")
        both = {name.upper() for name in self.secrets} & {name.upper() for name in self.variables}
        if both:
            text = (
                f"{', '.join(sorted(both))} is a secret as well: in the deployment one name would "
                "mean two values, rename one"
            )
            raise mistake(text, "variables")
        return self


class ProdEnvironment(Environment):
    """The production environment: administrators cannot bypass its rules by default."""

    admin_bypass: Annotated[bool, null_is_false] = False
    """Whether administrators may bypass the protection rules."""


class NoEnvironment(ProdEnvironment):
    """`none`: the repository does not have this environment."""


def _environment_or_none(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    return or_none(value, handler, NoEnvironment())


_OrNone = WrapValidator(_environment_or_none, json_schema_input_type=Environment | Literal["none"])
_ProdOrNone = WrapValidator(
    _environment_or_none, json_schema_input_type=ProdEnvironment | Literal["none"]
)


class Environments(Frozen):
    """The three environments of the standard with their defaults; `none` for one that is not."""

    dev: Annotated[Environment, _OrNone] = Environment()
    """Deployed from `develop`, without approval."""
    test: Annotated[Environment, _OrNone] = Environment()
    """Deployed from `main`, without approval."""
    prod: Annotated[ProdEnvironment, _ProdOrNone] = ProdEnvironment()
    """Deployed after a successful test deployment."""


class Branches(Frozen):
    """For each environment the branch whose push (prod: whose successful test run) deploys.

    `components/model/branches.py` says which branches deploy where a declaration names neither
    test's nor prod's and there is no `main`.
    """

    dev: BranchName = "develop"
    """Branch deployed to dev; created from the default branch when missing."""
    test: BranchName = "main"
    """Branch deployed to test. Without `test` and `prod`, it is `main`, or the default branch of a
    repository that has no `main`."""
    prod: BranchName = "main"
    """Branch of the test runs that are promoted to prod. Default: as for `test`."""
