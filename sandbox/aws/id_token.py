"""Verify an id-token as STS does before it evaluates the role's trust policy.

IAM User Guide: "Create an OpenID Connect identity provider". The account must have a provider for
the issuer. Thumbprints do not matter for GitHub. Deliberately absent: TLS to the issuer; its keys
are given. The messages are AWS's, as public reports quote them. No report was found for a bad
signature or a token that is not valid yet: these messages are from the API Reference.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jws
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from moto.iam.models import IAMBackend, OpenIDConnectProvider

from sandbox.aws.refusal import RefusedError

#: JSON Web Key Sets (RFC 7517) by issuer.
Issuers = Mapping[str, Any]

_ALGORITHMS: Final = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512")
_REQUIRED: Final = ("iss", "sub", "aud", "exp", "iat")
_NOT_VALIDATED: Final = (
    "The web identity token that was passed could not be validated by Amazon Web Services. Get a "
    "new identity token from the identity provider and then retry the request."
)
_NO_JWT: Final = (
    "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
)
_NO_KEY: Final = (
    "Couldn't retrieve verification key from your identity provider,  please reference "
    "AssumeRoleWithWebIdentity documentation for requirements"
)


@dataclass(frozen=True)
class Identity:
    """The identity in a verified token."""

    #: ARN of the account's OIDC provider for the issuer.
    provider: str
    #: The issuer without its scheme: condition keys begin with it.
    host: str
    audience: str
    subject: str
    claims: Mapping[str, Any]


def verify(token: str, iam: IAMBackend, issuers: Issuers, now: float) -> Identity:
    """The identity in a token.

    Args:
        token: a JWT.
        iam: the account with the OIDC providers.
        issuers: keys of all issuers that can be reached.
        now: seconds since the epoch.

    Raises:
        RefusedError: the token is not valid for this account now.
    """
    signed, claims = _read(token)
    provider = _provider(iam, str(claims["iss"]))
    _check_signature(signed, issuers.get(f"https://{provider.url}"))
    _check_time(claims, now)
    audience = claims["aud"]
    for one in audience if isinstance(audience, list) else [audience]:
        if one in provider.client_id_list:
            return Identity(provider.arn, provider.url, one, str(claims["sub"]), claims)
    raise _refused("Incorrect token audience")


def _read(token: str) -> tuple[jws.CompactSignature, dict[str, Any]]:
    """The token's parts and its claims, which are not verified yet."""
    try:
        signed = jws.extract_compact(token.encode())
        claims = json.loads(signed.payload)
    except (JoseError, ValueError) as error:
        raise _refused(_NO_JWT) from error
    if not isinstance(claims, dict):
        raise _refused(_NO_JWT)
    for name in _REQUIRED:
        if not claims.get(name):
            raise _refused(f"Missing a required claim: {name}")
    return signed, claims


def _provider(iam: IAMBackend, issuer: str) -> OpenIDConnectProvider:
    for provider in iam.open_id_providers.values():
        if issuer == f"https://{provider.url}":
            return provider
    raise _refused(f"No OpenIDConnect provider found in your account for {issuer}")


def _check_signature(signed: jws.CompactSignature, keys: Any) -> None:
    if keys is None:
        raise _refused(_NO_KEY)
    try:
        valid = jws.validate_compact(signed, KeySet.import_key_set(keys), algorithms=_ALGORITHMS)
    except InvalidKeyIdError as error:
        raise _refused(_NO_KEY) from error
    except JoseError as error:
        raise _refused(_NOT_VALIDATED) from error
    if not valid:
        raise _refused(_NOT_VALIDATED)


def _check_time(claims: Mapping[str, Any], now: float) -> None:
    begin, end = claims.get("nbf", 0), claims["exp"]
    if not isinstance(begin, int | float) or not isinstance(end, int | float):
        raise _refused(_NOT_VALIDATED)
    if now >= end:
        raise RefusedError(
            "ExpiredTokenException",
            f"Token expired: current date/time {int(now)} must be before the expiration date/time "
            f"{int(end)}",
        )
    if now < begin:
        raise _refused(_NOT_VALIDATED)


def _refused(message: str) -> RefusedError:
    return RefusedError("InvalidIdentityToken", message)
