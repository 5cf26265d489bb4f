"""The AWS rights that slipway itself needs in an account for one stack: its calls, nothing else.

There are three documents: for a preview, for drift and for `up`. They allow the calls of Pulumi's
AWS provider (Terraform's, internal/service/iam) for the resources of `components/resources`, and
those of slipway's own observer. Deliberately absent: the trust of slipway's role, and
`iam:RemoveRoleFromInstanceProfile`: slipway puts no role into an instance profile.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from components.model.environment import SecretSource
from components.model.names import role_name
from components.model.repository import Repository
from components.model.stack import Account, Stack
from components.model.types import ENVIRONMENTS, EnvironmentName

#: For every role, not slipway's alone: IAM knows no path of a deleted role, so a right limited to a
#: path would get a refusal instead of "missing". The first call lists all roles anyway.
_LOOKS: Final = (
    *("iam:GetAccountAuthorizationDetails", "iam:GetRole", "iam:GetRolePolicy"),
    *("iam:ListAttachedRolePolicies", "iam:ListRolePolicies", "iam:ListRoles"),
    # `slipway validate --live`: the quota of roles, and whether declared policies exist.
    *("iam:GetAccountSummary", "iam:GetPolicy"),
)
#: Calls that give a role rights, so a boundary has to cap the role.
_GIVES: Final = ("iam:CreateRole", "iam:PutRolePolicy")
#: Calls that change a role and add no rights to it.
_KEEPS: Final = (
    *("iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy"),
    *("iam:ListInstanceProfilesForRole", "iam:TagRole", "iam:UntagRole"),
    *("iam:UpdateAssumeRolePolicy", "iam:UpdateRole", "iam:UpdateRoleDescription"),
)
_PROVIDER: Final = (
    *("iam:AddClientIDToOpenIDConnectProvider", "iam:CreateOpenIDConnectProvider"),
    *("iam:DeleteOpenIDConnectProvider", "iam:RemoveClientIDFromOpenIDConnectProvider"),
    *("iam:TagOpenIDConnectProvider", "iam:UntagOpenIDConnectProvider"),
)
_BOUNDARY: Final = "iam:PermissionsBoundary"

Statement = dict[str, Any]


def rights(stack: Stack, account: Account) -> dict[str, dict[str, Any]]:
    """Policy documents by purpose: `preview`, `drift` and `up`.

    `preview` is for the observer (`slipway drift --no-preview`) and decrypts nothing; `drift` lets
    Pulumi's own preview read declared secrets as well; `up` changes.
    """
    looks = list(_looks(account))
    drifts = [*looks, *_secrets(stack, account)]
    changes = [*drifts, *_Changes(stack, account).statements()]
    return {
        name: {"Version": "2012-10-17", "Statement": statements}
        for name, statements in (("preview", looks), ("drift", drifts), ("up", changes))
    }


def assumes(stack: Stack) -> dict[str, Any] | None:
    """The rights of a caller that assumes the accounts' roles; None if no account names a role.

    A caller that only reads needs `LookAsRoles`. Without a `read_role` one role reads and changes.
    """
    accounts = [stack.settings.account(name) for name in ENVIRONMENTS]
    reading = {role for one in accounts if (role := one.read_role or one.assume_role)}
    changing = {one.assume_role for one in accounts if one.assume_role} - reading
    statements = [
        _allow(sid, ("sts:AssumeRole",), sorted(roles))
        for sid, roles in (("LookAsRoles", reading), ("ChangeAsRoles", changing))
        if roles
    ]
    return {"Version": "2012-10-17", "Statement": statements} if statements else None


def caps_every_role(stack: Stack, account: Account) -> bool:
    """Whether each role of the account has a permissions boundary.

    If not, a caller that may create roles can create one with any rights in the account.
    """
    return _Changes(stack, account).whole


def _looks(account: Account) -> Iterator[Statement]:
    yield _allow("LookAtRoles", _LOOKS, ["*"])
    provider = ("iam:GetOpenIDConnectProvider",)
    yield _allow("LookAtProvider", provider, [account.oidc_provider_arn])


def _secrets(stack: Stack, account: Account) -> Iterator[Statement]:
    """The rights to read declared secrets whose values are in the account."""
    sources = [
        (source, stack.settings.account(environment))
        for _, environment, _, source in stack.managed_secrets()
        if stack.settings.account(environment).account_id == account.account_id
    ]
    arns = {arn for source, place in sources if (arn := _secret(source, place))}
    if manager := sorted(arn for arn in arns if ":secretsmanager:" in arn):
        yield _allow("ReadSecrets", ("secretsmanager:GetSecretValue",), manager)
    if parameters := sorted(arn for arn in arns if ":ssm:" in arn):
        yield _allow("ReadParameters", ("ssm:GetParameter",), parameters)


def _secret(source: SecretSource, account: Account) -> str | None:
    name = source.secretsmanager or source.ssm
    if name is None or name.startswith("arn:"):
        return name
    place = f"{account.region}:{account.account_id}"
    if source.secretsmanager:
        # AWS appends a hyphen and six characters to the name (Secrets Manager User Guide).
        return f"arn:{account.partition}:secretsmanager:{place}:secret:{name}-??????"
    name, _, _ = name.removeprefix("/").partition(":")  # a version is not part of the ARN
    return f"arn:{account.partition}:ssm:{place}:parameter/{name}"


class _Changes:
    """The roles of an account, and the rights to change them."""

    def __init__(self, stack: Stack, account: Account) -> None:
        self._owner = stack.settings.owner
        self._account = account
        environments = [
            name
            for name in ENVIRONMENTS
            if stack.settings.account(name).account_id == account.account_id
        ]
        declared = [
            (one, name)
            for one in stack.repositories
            for name in environments
            if name in one.environment_names
        ]
        inherited = [getattr(stack.settings.defaults.environments, name) for name in environments]
        paths = {environment.role.path for environment in inherited}
        roles = [one.environment(name).role for one, name in declared]
        paths |= {role.path for role in roles if role.name is None}
        #: One pattern matches all derived names, also those of further repositories.
        self._names = [
            self._arn(path, f"{self._owner}.*-{name}")
            for path in sorted(paths)
            for name in environments
        ]
        self._names += sorted({arn for one in declared for arn in self._others(*one)})
        self._policies = sorted({arn for role in roles for arn in role.managed_policies})
        capped = roles or [environment.role for environment in inherited]
        self._boundaries = sorted(
            {r.permissions_boundary for r in capped if r.permissions_boundary}
        )
        self.whole = all(role.permissions_boundary for role in capped)
        self._capped: dict[str, list[str]] = {}
        for repository, name in declared:
            role = repository.environment(name).role
            if role.permissions_boundary:
                arn = self._arn(role.path, repository.role_name(self._owner, name))
                self._capped.setdefault(role.permissions_boundary, []).append(arn)

    def statements(self) -> Iterator[Statement]:
        """The rights to change roles and the provider."""
        capped = {"StringEquals": {_BOUNDARY: self._boundaries}}
        condition = capped if self.whole else {}
        yield _allow("MakeRoles", _GIVES, self._names, condition)
        if self._policies:
            policies = {"ArnEquals": {"iam:PolicyARN": self._policies}}
            attach = ("iam:AttachRolePolicy",)
            yield _allow("AttachPolicies", attach, self._names, {**policies, **condition})
        if self._boundaries:
            put = ("iam:PutRolePermissionsBoundary",)
            yield _allow("CapRoles", put, self._names, capped)
        free = () if self.whole else ("iam:DeleteRolePermissionsBoundary",)
        yield _allow("KeepRoles", (*free, *_KEEPS), self._names)
        yield from self._caps()
        if self._account.oidc_provider == "create":
            yield _allow("KeepProvider", _PROVIDER, [self._account.oidc_provider_arn])

    def _caps(self) -> Iterator[Statement]:
        """Denials, so that no other policy of the same caller gives these rights back."""
        taken = ("iam:DeleteRolePermissionsBoundary",)
        if self.whole:
            yield _deny("KeepBoundaries", taken, self._names)
            return
        gives = (*_GIVES, "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary")
        for number, (boundary, roles) in enumerate(sorted(self._capped.items()), 1):
            other = {"StringNotEquals": {_BOUNDARY: boundary}}
            yield _deny(f"KeepBoundary{number}", taken, sorted(roles))
            yield _deny(f"NeedBoundary{number}", gives, sorted(roles), other)

    def _others(self, repository: Repository, name: EnvironmentName) -> Iterator[str]:
        """Roles of an environment, also former ones, whose names the pattern does not match."""
        role = repository.environment(name).role
        if role.name is not None:
            yield self._arn(role.path, role.name)
            return
        for known in (repository.name, *repository.previously):
            derived = role_name(self._owner, known, name)
            if not derived.endswith(f"-{name}"):  # it was cut
                yield self._arn(role.path, derived)

    def _arn(self, path: str, name: str) -> str:
        return f"arn:{self._account.partition}:iam::{self._account.account_id}:role{path}{name}"


def _allow(
    sid: str, actions: Sequence[str], resources: list[str], condition: Statement | None = None
) -> Statement:
    return _statement(sid, "Allow", actions, resources, condition)


def _deny(
    sid: str, actions: Sequence[str], resources: list[str], condition: Statement | None = None
) -> Statement:
    return _statement(sid, "Deny", actions, resources, condition)


def _statement(
    sid: str,
    effect: str,
    actions: Sequence[str],
    resources: list[str],
    condition: Statement | None,
) -> Statement:
    statement: Statement = {
        "Sid": sid,
        "Effect": effect,
        "Action": sorted(actions),
        "Resource": resources[0] if len(resources) == 1 else resources,
    }
    return statement | ({"Condition": condition} if condition else {})
