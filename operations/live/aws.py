"""Read one AWS account: every role with all its policies, and the audiences of GitHub's provider.

`GetAccountAuthorizationDetails` tells trust, policies, boundary and tags of a hundred roles in one
answer; `ListRoles` adds the longest session. A role that is in one of the two lists only was
created or deleted between two pages, and is read by its name. If AWS refuses the first call, each
role is read by its name (IAM API Reference).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from components.config.problems import ConfigurationError, ExitCode, Problem
from components.model.stack import Account
from operations.live.observed import ObservedAccount, ObservedRole

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

#: A session makes one client at a time (boto3 documentation, "Multithreading with sessions").
_MAKING: Final = Lock()
#: IAM's most items of one page.
_PAGE: Final = 1000
DENIED: Final = {"AccessDenied", "AccessDeniedException"}


class OtherAccountError(ConfigurationError):
    """The credentials are of another account, and the declaration names no role to assume.

    Attributes:
        text: whose they are and what to do, without the place.
    """

    def __init__(self, account: Account, own: str) -> None:
        self.text = (
            f"the credentials are of account {own}: set others, or declare assume_role: a role in "
            f"{account.account_id} that these credentials may assume"
        )
        place = f"AWS account {account.account_id}"
        super().__init__([Problem(place, 0, "", self.text)], ExitCode.AUTHENTICATION)


def read_account(account: Account, wanted: Collection[str]) -> ObservedAccount:
    """The roles of an account, and its provider for GitHub.

    Args:
        account: as declared. If it names a role, this role is assumed.
        wanted: names of the roles to read if AWS does not allow to list all.

    Raises:
        ConfigurationError: AWS refuses or can't be reached, or the credentials are of another
            account.
    """
    with explained(account):
        return read_with(iam_client(account), account, wanted)


def read_roles(account: Account, wanted: Collection[str]) -> ObservedAccount:
    """The same with these roles alone, which takes fewer rights and less time.

    Raises:
        ConfigurationError: as `read_account`.
    """
    with explained(account):
        iam = iam_client(account)
        roles = {role.name.lower(): role for role in _these_roles(iam, wanted)}
        provider, (audiences, tags) = account.oidc_provider_arn, provider_of(iam, account)
        return ObservedAccount(
            account.account_id, roles, provider, audiences, complete=False, oidc_tags=tags
        )


def read_with(iam: "IAMClient", account: Account, wanted: Collection[str]) -> ObservedAccount:
    """The same with an existing client; errors of botocore pass through."""
    provider, (audiences, tags) = account.oidc_provider_arn, provider_of(iam, account)
    roles, complete = _roles(iam, wanted)
    return ObservedAccount(account.account_id, roles, provider, audiences, complete, tags)


@contextmanager
def explained(account: Account) -> Iterator[None]:
    """Name the account in an error of AWS."""
    # Imported here: commands that do not ask AWS should not wait for it.
    from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError  # noqa: PLC0415

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        place = f"AWS account {account.account_id}"
        missing = isinstance(error, NoCredentialsError)
        code = ExitCode.AUTHENTICATION if missing else ExitCode.ERROR
        raise ConfigurationError([Problem(place, 0, "", str(error))], code) from error


def own_account(region: str) -> str:
    """The account of the caller's own credentials; errors of botocore pass through."""
    return str(_connector(region)("sts").get_caller_identity()["Account"])


def iam_client(account: Account) -> "IAMClient":
    """A client of IAM for exactly this account, with the role that only reads if there is one."""
    connect = _connector(account.region)
    sts = connect("sts")
    if role := account.read_role or account.assume_role:
        given = sts.assume_role(RoleArn=role, RoleSessionName="slipway")
        keys = given["Credentials"]
        connect = partial(
            connect,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )
    elif (own := sts.get_caller_identity()["Account"]) != account.account_id:
        raise OtherAccountError(account, own)
    iam: IAMClient = connect("iam")
    return iam


def _connector(region: str) -> Any:
    """A function that makes clients of AWS's services in a region."""
    from botocore.config import Config  # noqa: PLC0415

    config = Config(retries={"mode": "standard", "total_max_attempts": 6})

    def connect(service: str, **keys: str) -> Any:
        with _MAKING:
            return _session().create_client(service, region_name=region, config=config, **keys)

    return connect


@cache
def _session() -> Any:
    """The session of all clients: it finds the user's credentials once, not for each account.

    They may come from a program that asks the user for a code.
    """
    from botocore.session import Session  # noqa: PLC0415

    session = Session()
    session.register_component("data_loader", _descriptions())
    return session


@cache
def _descriptions() -> Any:
    """Botocore's descriptions of AWS's services. Reading them takes longer than a request."""
    from botocore.loaders import create_loader  # noqa: PLC0415

    return create_loader()


def _roles(iam: "IAMClient", wanted: Collection[str]) -> tuple[dict[str, ObservedRole], bool]:
    """Roles by name in lower case, and True if these are all roles of the account."""
    from botocore.exceptions import ClientError  # noqa: PLC0415

    listed: Iterable[ObservedRole]
    try:
        listed, complete = _all_roles(iam), True
    except ClientError as error:
        if error.response["Error"]["Code"] not in DENIED:
            raise
        listed, complete = _these_roles(iam, wanted), False
    return {role.name.lower(): role for role in listed}, complete


def _all_roles(iam: "IAMClient") -> list[ObservedRole]:
    details = iam.get_paginator("get_account_authorization_details").paginate(
        Filter=["Role"], PaginationConfig={"PageSize": _PAGE}
    )
    described = {role["RoleName"]: role for page in details for role in page["RoleDetailList"]}
    pages = iam.get_paginator("list_roles").paginate(PaginationConfig={"PageSize": _PAGE})
    listed = {role["RoleName"]: role for page in pages for role in page["Roles"]}
    told = [
        _role(
            # Only `ListRoles` tells the longest session and the description.
            {**listed[name], **role},
            {policy["PolicyName"]: policy["PolicyDocument"] for policy in role["RolePolicyList"]},
            role["AttachedManagedPolicies"],
        )
        for name, role in described.items()
        if name in listed
    ]
    in_one = sorted(described.keys() ^ listed.keys())
    return told + list(_these_roles(iam, in_one))


def _these_roles(iam: "IAMClient", wanted: Collection[str]) -> Iterator[ObservedRole]:
    for name in wanted:
        try:
            role = iam.get_role(RoleName=name)["Role"]
        except iam.exceptions.NoSuchEntityException:
            continue
        inline = iam.get_paginator("list_role_policies").paginate(RoleName=name)
        attached = iam.get_paginator("list_attached_role_policies").paginate(RoleName=name)
        yield _role(
            role,
            {
                policy: iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
                for page in inline
                for policy in page["PolicyNames"]
            },
            [policy for page in attached for policy in page["AttachedPolicies"]],
        )


def _role(
    found: Mapping[str, Any], inline: Mapping[str, Any], attached: Collection[Mapping[str, Any]]
) -> ObservedRole:
    return ObservedRole(
        name=found["RoleName"],
        arn=found["Arn"],
        path=found["Path"],
        description=found.get("Description", ""),
        trust=found["AssumeRolePolicyDocument"],
        inline_policies=inline,
        managed_policies=frozenset(policy["PolicyArn"] for policy in attached),
        permissions_boundary=found.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        max_session_seconds=found.get("MaxSessionDuration", 3600),
        tags={tag["Key"]: tag["Value"] for tag in found.get("Tags", ())},
        created=found["CreateDate"],
    )


def provider_of(iam: "IAMClient", account: Account) -> tuple[frozenset[str] | None, dict[str, str]]:
    """Audiences and tags of GitHub's OIDC provider; None for the audiences if there is none."""
    try:
        found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=account.oidc_provider_arn)
    except iam.exceptions.NoSuchEntityException:
        return None, {}
    tags = {tag["Key"]: tag["Value"] for tag in found.get("Tags", ())}
    return frozenset(found["ClientIDList"]), tags
