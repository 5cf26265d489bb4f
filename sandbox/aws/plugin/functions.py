"""The functions that the plugin supports, by token."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final

from sandbox.aws.plugin.resource_type import tag_map
from sandbox.aws.plugin.resources.role import Role
from sandbox.aws.plugin.session import Session
from sandbox.aws.plugin.shapes import Kind, Properties, Property


class Function(ABC):
    """One function: its properties, and the AWS calls that it makes."""

    token: ClassVar[str]
    inputs: ClassVar[Properties]
    outputs: ClassVar[Properties]
    secrets: ClassVar[frozenset[str]] = frozenset()
    """The names of the secret outputs."""

    @abstractmethod
    def call(self, session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
        """The outputs for the given inputs."""


class GetCallerIdentity(Function):
    """The identity of the provider's credentials."""

    token = "aws:index/getCallerIdentity:getCallerIdentity"  # noqa: S105 - a function token
    inputs: ClassVar[Properties] = {"id": Property()}
    outputs: ClassVar[Properties] = {
        name: Property(required=True) for name in ("accountId", "arn", "id", "userId")
    }

    def call(self, session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
        """Call STS."""
        del given
        found = session.client("sts").get_caller_identity()
        account = found["Account"]
        return {"accountId": account, "arn": found["Arn"], "id": account, "userId": found["UserId"]}


class GetPartition(Function):
    """The AWS partition of the provider's region."""

    token = "aws:index/getPartition:getPartition"  # noqa: S105 - a function token
    inputs: ClassVar[Properties] = {"id": Property()}
    outputs: ClassVar[Properties] = {
        name: Property(required=True)
        for name in ("dnsSuffix", "id", "partition", "reverseDnsPrefix")
    }

    def call(self, session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return what botocore's table says; no call is needed."""
        del given
        name, domain = session.partition
        return {
            "dnsSuffix": domain,
            "id": name,
            "partition": name,
            "reverseDnsPrefix": ".".join(reversed(domain.split("."))),
        }


class GetOpenIdConnectProvider(Function):
    """An existing OIDC provider, by ARN or URL."""

    token = "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider"  # noqa: S105 - a token
    inputs: ClassVar[Properties] = {
        "arn": Property(),
        "tags": Property(Kind.MAP),
        "url": Property(Kind.ADDRESS),
    }
    outputs: ClassVar[Properties] = {
        "arn": Property(required=True),
        "clientIdLists": Property(Kind.LIST, required=True),
        "id": Property(required=True),
        "tags": Property(Kind.MAP, required=True),
        "thumbprintLists": Property(Kind.LIST, required=True),
        "url": Property(Kind.ADDRESS, required=True),
    }

    def call(self, session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
        """Call IAM."""
        if ("arn" in given) == ("url" in given):
            raise ValueError("give one of arn and url")
        arn = given.get("arn") or self._find(session, given["url"])
        found = session.iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
        return {
            "arn": arn,
            "clientIdLists": found["ClientIDList"],
            "id": arn,
            "tags": tag_map(found.get("Tags")),
            "thumbprintLists": found["ThumbprintList"],
            "url": found["Url"].removeprefix("https://"),
        }

    @staticmethod
    def _find(session: Session, url: str) -> str:
        issuer = url.removeprefix("https://").rstrip("/")
        for known in session.iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
            if known["Arn"].partition(":oidc-provider/")[2] == issuer:
                return str(known["Arn"])
        raise ValueError(f"the account has no OIDC provider for {url}")


class GetRole(Function):
    """An existing role."""

    token = "aws:iam/getRole:getRole"  # noqa: S105 - a function token
    inputs: ClassVar[Properties] = {"name": Property(required=True), "tags": Property(Kind.MAP)}
    outputs: ClassVar[Properties] = {
        **{
            name: Property(required=True)
            for name in (
                *("arn", "assumeRolePolicy", "createDate", "description", "id", "name", "path"),
                *("permissionsBoundary", "uniqueId"),
            )
        },
        "maxSessionDuration": Property(Kind.NUMBER, required=True),
        "roleLastUseds": Property(Kind.ANY, required=True),
        "tags": Property(Kind.MAP, required=True),
    }

    def call(self, session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
        """Call IAM."""
        found = Role().read(session.iam, given["name"])
        known = {name: value for name, value in found.items() if name in self.outputs}
        return {**known, "id": found["name"], "roleLastUseds": []}


class GetSecretVersion(Function):
    """A value in Secrets Manager."""

    token = "aws:secretsmanager/getSecretVersion:getSecretVersion"  # noqa: S105 - a token
    inputs: ClassVar[Properties] = {
        "region": Property(),
        "secretId": Property(required=True),
        "versionId": Property(),
        "versionStage": Property(),
    }
    outputs: ClassVar[Properties] = {
        **{
            name: Property(required=True)
            for name in (
                *("arn", "createdDate", "id", "region", "secretArn", "secretBinary", "secretId"),
                *("secretString", "versionId"),
            )
        },
        "versionStage": Property(),
        "versionStages": Property(Kind.LIST, required=True),
    }
    secrets = frozenset({"secretBinary", "secretString"})

    def call(self, session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
        """Call Secrets Manager in the region."""
        region = given.get("region", session.region)
        optional = {"VersionId": given.get("versionId"), "VersionStage": given.get("versionStage")}
        found = session.client("secretsmanager", region).get_secret_value(
            SecretId=given["secretId"], **{key: value for key, value in optional.items() if value}
        )
        stage = given.get("versionStage", "AWSCURRENT")
        return {
            "arn": found["ARN"],
            "createdDate": found["CreatedDate"].strftime("%Y-%m-%dT%H:%M:%SZ"),
            "id": f"{given['secretId']}|{given.get('versionId', stage)}",
            "region": region,
            "secretArn": found["ARN"],
            "secretBinary": found.get("SecretBinary", b"").decode(),
            "secretId": given["secretId"],
            "secretString": found.get("SecretString", ""),
            "versionId": found["VersionId"],
            "versionStage": stage,
            "versionStages": found.get("VersionStages", []),
        }


class GetParameter(Function):
    """A value in the Parameter Store."""

    token = "aws:ssm/getParameter:getParameter"  # noqa: S105 - a function token
    inputs: ClassVar[Properties] = {
        "name": Property(required=True),
        "region": Property(),
        "withDecryption": Property(Kind.TRUTH),
    }
    outputs: ClassVar[Properties] = {
        **{
            name: Property(required=True)
            for name in ("arn", "id", "insecureValue", "name", "region", "type", "value")
        },
        "version": Property(Kind.NUMBER, required=True),
        "withDecryption": Property(Kind.TRUTH),
    }
    secrets = frozenset({"value"})

    def call(self, session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
        """Call SSM in the region."""
        region = given.get("region", session.region)
        decrypted = given.get("withDecryption", True)
        found = session.client("ssm", region).get_parameter(
            Name=given["name"], WithDecryption=decrypted
        )["Parameter"]
        secret = found["Type"] == "SecureString"
        return {
            "arn": found["ARN"],
            "id": found["Name"],
            "insecureValue": "" if secret else found["Value"],
            "name": found["Name"],
            "region": region,
            "type": found["Type"],
            "value": found["Value"],
            "version": found["Version"],
            "withDecryption": decrypted,
        }


FUNCTIONS: Final[Mapping[str, Function]] = {
    known.token: known
    for known in (
        GetCallerIdentity(),
        GetOpenIdConnectProvider(),
        GetParameter(),
        GetPartition(),
        GetRole(),
        GetSecretVersion(),
    )
}
