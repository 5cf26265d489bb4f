"""Environment secrets: the client seals them, GitHub opens them and never returns the values."""

from typing import Final

from flask import Response

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.clock import now
from sandbox.github.environments import Environment, Secret
from sandbox.github.paging import answer, page
from sandbox.github.permissions import Permission
from sandbox.github.render import environments as render
from sandbox.github.routes.family import REPOSITORY, Family
from sandbox.github.routes.names import checked
from sandbox.github.sealed_box import open_sealed

routes = Family("secrets", REPOSITORY)

_LIST = "/environments/<environment_name>/secrets"
_ONE = f"{_LIST}/<secret_name>"
#: docs.github.com/actions/reference/security/secrets: 100 per environment, 48 KB each.
_MOST: Final = 100
_LONGEST: Final = 48 * 1024


class SealedSecret(Body):
    """A sealed value and the id of the key that it was sealed for."""

    encrypted_value: str
    key_id: str


@routes.get(_LIST)
def list_secrets(environment_name: str) -> Response:
    """List environment secrets.

    docs.github.com/rest/actions/secrets#list-environment-secrets
    """
    _, environment = access.environment(environment_name, Permission.PUSH)
    found = sorted(environment.secrets.values(), key=lambda secret: secret.name)
    shown = [render.secret(secret) for secret in page(found, 10)]
    return answer({"total_count": len(found), "secrets": shown})


@routes.get(f"{_LIST}/public-key")
def get_public_key(environment_name: str) -> Response:
    """Get an environment public key.

    docs.github.com/rest/actions/secrets#get-an-environment-public-key
    """
    _, environment = access.environment(environment_name, Permission.PUSH)
    return answer(render.public_key(environment))


@routes.get(_ONE)
def get_secret(environment_name: str, secret_name: str) -> Response:
    """Get an environment secret.

    docs.github.com/rest/actions/secrets#get-an-environment-secret
    """
    _, environment = access.environment(environment_name, Permission.PUSH)
    return answer(render.secret(_secret(environment, secret_name)))


@routes.put(_ONE)
def create_or_update_secret(environment_name: str, secret_name: str) -> Response:
    """Create or update an environment secret.

    docs.github.com/rest/actions/secrets#create-or-update-an-environment-secret
    """
    _, environment = access.environment(environment_name, Permission.ADMIN)
    body = read(SealedSecret)
    name = checked(secret_name, "Secret")
    if body.key_id != environment.key_id:
        raise errors.unprocessable("The key_id is not that of the environment's public key")
    plaintext = open_sealed(body.encrypted_value, environment.key)
    if plaintext is None and not access.store().accepts_unsealed_secrets:
        raise errors.unprocessable("encrypted_value cannot be opened with the public key's partner")
    if len((plaintext or "").encode()) > _LONGEST:
        raise errors.unprocessable("Secret value is too large: at most 48 KB")
    old = environment.secrets.get(name)
    if old is None and len(environment.secrets) >= _MOST:
        raise errors.unprocessable(f"An environment can have at most {_MOST} secrets")
    moment = now()
    created = old.created_at if old else moment
    environment.secrets[name] = Secret(name, plaintext, created, moment)
    return Response(status=204) if old else answer({}, 201)


@routes.delete(_ONE)
def delete_secret(environment_name: str, secret_name: str) -> Response:
    """Delete an environment secret.

    docs.github.com/rest/actions/secrets#delete-an-environment-secret
    """
    _, environment = access.environment(environment_name, Permission.ADMIN)
    del environment.secrets[_secret(environment, secret_name).name]
    return Response(status=204)


def _secret(environment: Environment, name: str) -> Secret:
    found = environment.secrets.get(name.upper())
    if found is None:
        raise errors.not_found()
    return found
