"""STS's AssumeRoleWithWebIdentity: temporary credentials of a role for an id-token.

AWS STS API Reference. The request is not signed: its account is the role's. The checks run before
moto, which would give credentials to any caller. Deliberately absent: the effect of session
policies, which are only passed on.
"""

import re
import time
from collections.abc import Mapping
from typing import Final
from xml.sax.saxutils import escape

from moto.iam.models import Role, iam_backends
from moto.sts.models import AssumedRole, sts_backends
from moto.utilities.utils import PARTITION_NAMES

from sandbox.aws.id_token import Identity, Issuers, verify
from sandbox.aws.refusal import RefusedError, invalid
from sandbox.aws.trust import admits

ACTION: Final = "AssumeRoleWithWebIdentity"
DURATION: Final = range(900, 43200 + 1)
DEFAULT_DURATION: Final = 3600

#: Claims that are condition keys of STS: `sub` and `aud` of every issuer, and since January 2026
#: some of GitHub's own (Service Authorization Reference: AWS Security Token Service).
CONDITION_CLAIMS: Final = (
    *("actor", "actor_id", "enterprise_id", "environment", "job_workflow_ref", "ref"),
    *("repository", "repository_id", "repository_owner_id", "workflow"),
)
#: Hosts of issuers that have these: github.com's, of its enterprises, and of ghe.com.
_GITHUB: Final = re.compile(
    r"token\.actions\.githubusercontent\.com(/.+)?|github\.com/enterprises/.+"
    r"|token\.actions\.[^./]+\.ghe\.com"
)
_ROLE_ARN: Final = re.compile(r"arn:(?P<partition>[a-z-]+):iam::(?P<account>\d{12}):role/.+")
_SESSION_NAME: Final = re.compile(r"[\w+=,.@-]*", re.ASCII)
#: Minimum and maximum length by parameter.
_LENGTHS: Final = {
    "RoleArn": (20, 2048),
    "RoleSessionName": (2, 64),
    "WebIdentityToken": (4, 20_000),
}


def assume_role(given: Mapping[str, str], issuers: Issuers) -> str:
    """The answer with credentials, as XML.

    Args:
        given: the request's parameters.
        issuers: keys of all issuers that can be reached.

    Raises:
        RefusedError: AWS gives no credentials for this request.
    """
    duration = _check_parameters(given)
    arn = _ROLE_ARN.fullmatch(given["RoleArn"])
    if arn is None or arn["partition"] not in PARTITION_NAMES:
        raise RefusedError("ValidationError", "Request ARN is invalid")
    iam = iam_backends[arn["account"]][arn["partition"]]
    identity = verify(given["WebIdentityToken"], iam, issuers, time.time())
    role = next((role for role in iam.get_roles() if role.arn == given["RoleArn"]), None)
    if role is None or not _admits(role, identity, given["RoleSessionName"]):
        raise RefusedError("AccessDenied", f"Not authorized to perform sts:{ACTION}")
    if duration > int(role.max_session_duration or DEFAULT_DURATION):
        raise RefusedError(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        )
    assumed = sts_backends[arn["account"]][arn["partition"]].assume_role_with_web_identity(
        region_name=arn["partition"],
        role_session_name=given["RoleSessionName"],
        role_arn=role.arn,
        policy=given.get("Policy", ""),
        duration=duration,
        external_id="",
    )
    return _answer(assumed, identity)


def _check_parameters(given: Mapping[str, str]) -> int:
    """Refuse parameters that the API's model refuses; returns the requested seconds."""
    for name, (shortest, longest) in _LENGTHS.items():
        place = name[0].lower() + name[1:]
        # The token is sensitive: AWS's messages do not contain it.
        value = given.get(name)
        shown = "(sensitive)" if name == "WebIdentityToken" else value
        if value is None:
            raise RefusedError(
                "ValidationError",
                f"1 validation error detected: Value null at '{place}' failed to satisfy "
                "constraint: Member must not be null",
            )
        if len(value) < shortest:
            raise invalid(
                shown, place, f"Member must have length greater than or equal to {shortest}"
            )
        if len(value) > longest:
            raise invalid(shown, place, f"Member must have length less than or equal to {longest}")
    session = given["RoleSessionName"]
    if not _SESSION_NAME.fullmatch(session):
        pattern = r"Member must satisfy regular expression pattern: [\w+=,.@-]*"
        raise invalid(session, "roleSessionName", pattern)
    return _duration(given.get("DurationSeconds", str(DEFAULT_DURATION)))


def _duration(text: str) -> int:
    if not text.isdecimal():
        raise RefusedError("ValidationError", f"DurationSeconds is no integer: {text}")
    duration = int(text)
    if duration < DURATION.start:
        bound = f"greater than or equal to {DURATION.start}"
    elif duration >= DURATION.stop:
        bound = f"less than or equal to {DURATION.stop - 1}"
    else:
        return duration
    raise invalid(duration, "durationSeconds", f"Member must have value {bound}")


def compared_claims(host: str) -> tuple[str, ...]:
    """The claims of an issuer's tokens that are condition keys, besides `sub` and `aud`."""
    return CONDITION_CLAIMS if _GITHUB.fullmatch(host) else ()


def _admits(role: Role, identity: Identity, session: str) -> bool:
    claims = {"sub": identity.subject, "aud": identity.audience}
    known = {name: identity.claims.get(name) for name in compared_claims(identity.host)}
    claims |= {name: str(value) for name, value in known.items() if value is not None}
    context = {f"{identity.host}:{name}".lower(): [value] for name, value in claims.items()}
    context["sts:rolesessionname"] = [session]
    return admits(role.assume_role_policy_document, identity.provider, f"sts:{ACTION}", context)


def _answer(assumed: AssumedRole, identity: Identity) -> str:
    """The answer. `Provider` is the provider's ARN, as AWS sends it, not the documented issuer."""
    values = {
        "SubjectFromWebIdentityToken": identity.subject,
        "Audience": identity.audience,
        "Provider": identity.provider,
    }
    members = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in values.items())
    return (
        f'<{ACTION}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{ACTION}Result>'
        f"{members}<AssumedRoleUser><Arn>{escape(assumed.arn)}</Arn>"
        f"<AssumedRoleId>{assumed.user_id}</AssumedRoleId></AssumedRoleUser><Credentials>"
        f"<AccessKeyId>{assumed.access_key_id}</AccessKeyId>"
        f"<SecretAccessKey>{escape(assumed.secret_access_key)}</SecretAccessKey>"
        f"<SessionToken>{escape(assumed.session_token)}</SessionToken>"
        f"<Expiration>{assumed.expiration:%Y-%m-%dT%H:%M:%SZ}</Expiration></Credentials>"
        f"</{ACTION}Result><ResponseMetadata><RequestId>sandbox</RequestId></ResponseMetadata>"
        f"</{ACTION}Response>"
    )
