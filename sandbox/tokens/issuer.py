"""The issuer: it signs tokens and publishes its public key and its discovery document.

The document has the shape of
https://token.actions.githubusercontent.com/.well-known/openid-configuration.
The key is made when it is first needed, and stays in memory.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from sandbox.github.store import Store

#: The `iss` of tokens of github.com, also in the sandbox, because roles trust this issuer.
ISSUER: Final = "https://token.actions.githubusercontent.com"
ALGORITHM: Final = "RS256"

#: The claims that GitHub publishes; a token has those that apply to its job.
_CLAIMS: Final = (
    *("sub", "aud", "exp", "iat", "iss", "jti", "nbf", "ref", "sha", "repository"),
    *("repository_id", "repository_owner", "repository_owner_id", "enterprise", "enterprise_id"),
    *("run_id", "run_number", "run_attempt", "actor", "actor_id", "workflow", "workflow_ref"),
    *("workflow_sha", "head_ref", "base_ref", "event_name", "ref_type", "ref_protected"),
    *("environment", "environment_node_id", "job_workflow_ref", "job_workflow_sha"),
    *("repository_visibility", "runner_environment", "issuer_scope", "check_run_id"),
)


class Issuer:
    """Signs claims with its key."""

    @cached_property
    def _key(self) -> RSAKey:
        # A third of a sandbox's start, and most sandboxes are asked for no token.
        return RSAKey.generate_key(auto_kid=True)

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token with these claims, which are not checked."""
        header = {"typ": "JWT", "alg": ALGORITHM, "kid": self._key.kid}
        return jwt.encode(header, dict(claims), self._key, algorithms=[ALGORITHM])

    @property
    def jwks(self) -> dict[str, Any]:
        """The public key, as a JSON Web Key Set (RFC 7517)."""
        keys = KeySet([self._key]).as_dict(private=False)["keys"]
        return {"keys": [{**key, "use": "sig", "alg": ALGORITHM} for key in keys]}

    @staticmethod
    def discovery(url: str) -> dict[str, Any]:
        """The OpenID Connect discovery document of the issuer at this address."""
        return {
            "issuer": url,
            "jwks_uri": f"{url}/.well-known/jwks",
            "subject_types_supported": ["public", "pairwise"],
            "response_types_supported": ["id_token"],
            "claims_supported": list(_CLAIMS),
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "scopes_supported": ["openid"],
        }


class PublishedKeys(Mapping[str, Any]):
    """The key sets that can be reached, by address of the issuer: that of one GitHub, as it is now.

    The emulator may be seeded to be another GitHub while it runs; see `sandbox.github.site`.
    """

    def __init__(self, issuer: Issuer, store: Store) -> None:
        """Take the issuer, and the GitHub that it belongs to."""
        self._issuer = issuer
        self._store = store

    def __getitem__(self, url: str) -> Any:
        if url != self._store.site.issuer:
            raise KeyError(url)
        return self._issuer.jwks

    def __iter__(self) -> Iterator[str]:
        return iter((self._store.site.issuer,))

    def __len__(self) -> int:
        return 1
