"""Environment variables."""

from typing import Final

from flask import Response

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.clock import now
from sandbox.github.environments import Environment, Variable
from sandbox.github.paging import answer, page
from sandbox.github.permissions import Permission
from sandbox.github.render import environments as render
from sandbox.github.routes.family import REPOSITORY, Family
from sandbox.github.routes.names import checked

routes = Family("variables", REPOSITORY)

_LIST = "/environments/<environment_name>/variables"
_ONE = f"{_LIST}/<name>"
#: docs.github.com/actions/reference/workflows-and-actions/variables.
_MOST: Final = 100
_LONGEST: Final = 48 * 1024


class NewVariable(Body):
    """A name and a value."""

    name: str
    value: str


class ChangedVariable(Body):
    """The members to change."""

    name: str | None = None
    value: str | None = None


@routes.get(_LIST)
def list_variables(environment_name: str) -> Response:
    """List environment variables.

    docs.github.com/rest/actions/variables#list-environment-variables
    """
    _, environment = access.environment(environment_name, Permission.PUSH)
    found = sorted(environment.variables.values(), key=lambda variable: variable.name)
    shown = [render.variable(variable) for variable in page(found, 10)]
    return answer({"total_count": len(found), "variables": shown})


@routes.post(_LIST)
def create_variable(environment_name: str) -> Response:
    """Create an environment variable.

    docs.github.com/rest/actions/variables#create-an-environment-variable
    """
    _, environment = access.environment(environment_name, Permission.ADMIN)
    body = read(NewVariable)
    name = checked(body.name, "Variable")
    if name in environment.variables:
        raise errors.conflict("Already exists - Variable already exists")
    if len(environment.variables) >= _MOST:
        raise errors.unprocessable(f"An environment can have at most {_MOST} variables")
    moment = now()
    environment.variables[name] = Variable(name, _value(body.value), moment, moment)
    return answer({}, 201)


@routes.get(_ONE)
def get_variable(environment_name: str, name: str) -> Response:
    """Get an environment variable.

    docs.github.com/rest/actions/variables#get-an-environment-variable
    """
    _, environment = access.environment(environment_name, Permission.PUSH)
    return answer(render.variable(_variable(environment, name)))


@routes.patch(_ONE)
def update_variable(environment_name: str, name: str) -> Response:
    """Update an environment variable.

    docs.github.com/rest/actions/variables#update-an-environment-variable
    """
    _, environment = access.environment(environment_name, Permission.ADMIN)
    found = _variable(environment, name)
    body = read(ChangedVariable)
    new = checked(body.name, "Variable") if body.name is not None else found.name
    if new != found.name and new in environment.variables:
        raise errors.conflict("Already exists - Variable already exists")
    if body.value is not None:
        found.value = _value(body.value)
    del environment.variables[found.name]
    found.name = new
    environment.variables[new] = found
    found.updated_at = now()
    return Response(status=204)


@routes.delete(_ONE)
def delete_variable(environment_name: str, name: str) -> Response:
    """Delete an environment variable.

    docs.github.com/rest/actions/variables#delete-an-environment-variable
    """
    _, environment = access.environment(environment_name, Permission.ADMIN)
    del environment.variables[_variable(environment, name).name]
    return Response(status=204)


def _variable(environment: Environment, name: str) -> Variable:
    found = environment.variables.get(name.upper())
    if found is None:
        raise errors.not_found()
    return found


def _value(value: str) -> str:
    if len(value.encode()) > _LONGEST:
        raise errors.unprocessable("Variable value is too large: at most 48 KB")
    return value
