"""Custom deployment protection rules: GitHub Apps that approve or reject deployments.

GitHub describes an environment's `protection_rules` as the built-in ones: custom rules are not
among them. "Create or update an environment" has no parameter for them, so its PUT keeps them.
"""

from typing import Final

from flask import Response

from sandbox.github import access, errors
from sandbox.github.apps import App
from sandbox.github.body import Body, read
from sandbox.github.environments import Environment
from sandbox.github.paging import answer, page
from sandbox.github.permissions import Permission
from sandbox.github.render import protection_rules as render
from sandbox.github.repositories import Repository
from sandbox.github.routes.family import REPOSITORY, Family

routes = Family("protection_rules", REPOSITORY)

_LIST = "/environments/<environment_name>/deployment_protection_rules"
_ONE = f"{_LIST}/<int:protection_rule_id>"
#: Enabled at the same time (docs.github.com: deployments and environments).
_MOST_RULES: Final = 6


class NewRule(Body):
    """The App to enable, by its id."""

    integration_id: int


@routes.get(_LIST)
def list_rules(environment_name: str) -> Response:
    """Get all deployment protection rules for an environment. The list has no pages.

    docs.github.com/rest/deployments/protection-rules#get-all-deployment-protection-rules-for-an-environment
    """
    _, environment = access.environment(environment_name)
    shown = [render.rule(key, provider) for key, provider in environment.custom_rules.items()]
    return answer({"total_count": len(shown), "custom_deployment_protection_rules": shown})


@routes.post(_LIST)
def create_rule(environment_name: str) -> Response:
    """Create a custom deployment protection rule on an environment.

    GitHub documents no refusal. Here a rule too many is 422, and so is an App that is not
    available or enabled already.
    docs.github.com/rest/deployments/protection-rules#create-a-custom-deployment-protection-rule-on-an-environment
    """
    repository, environment = access.environment(environment_name, Permission.ADMIN)
    app_id = read(NewRule).integration_id
    provider = next((app for app in _available(repository) if app.id == app_id), None)
    if provider is None:
        raise errors.unprocessable(f"Validation failed: integration {app_id} is not available")
    if provider in environment.custom_rules.values():
        raise errors.unprocessable(f"Validation failed: integration {app_id} is already enabled")
    if len(environment.custom_rules) == _MOST_RULES:
        raise errors.unprocessable(f"Validation failed: at most {_MOST_RULES} rules can be enabled")
    rule_id = access.store().next_id()
    environment.custom_rules[rule_id] = provider
    return answer(render.rule(rule_id, provider), 201)


@routes.get(f"{_LIST}/apps")
def list_apps(environment_name: str) -> Response:
    """List custom deployment rule integrations available for an environment.

    docs.github.com/rest/deployments/protection-rules#list-custom-deployment-rule-integrations-available-for-an-environment
    """
    repository, _ = access.environment(environment_name, Permission.ADMIN)
    found = _available(repository)
    shown = [render.app(app) for app in page(found)]
    key = "available_custom_deployment_protection_rule_integrations"
    return answer({"total_count": len(found), key: shown})


@routes.get(_ONE)
def get_rule(environment_name: str, protection_rule_id: int) -> Response:
    """Get a custom deployment protection rule.

    docs.github.com/rest/deployments/protection-rules#get-a-custom-deployment-protection-rule
    """
    _, environment = access.environment(environment_name)
    return answer(render.rule(protection_rule_id, _provider(environment, protection_rule_id)))


@routes.delete(_ONE)
def delete_rule(environment_name: str, protection_rule_id: int) -> Response:
    """Disable a custom protection rule for an environment.

    docs.github.com/rest/deployments/protection-rules#disable-a-custom-protection-rule-for-an-environment
    """
    _, environment = access.environment(environment_name, Permission.ADMIN)
    _provider(environment, protection_rule_id)
    del environment.custom_rules[protection_rule_id]
    return Response(status=204)


def _available(repository: Repository) -> list[App]:
    """Apps that are installed on the repository, if its plan has custom rules.

    Public repositories have them on every plan, private ones on GitHub Enterprise only
    (docs.github.com: creating custom deployment protection rules).
    """
    if repository.private and repository.owner.plan != "enterprise":
        return []
    return [app for app in access.store().apps.values() if _is_installed(app, repository)]


def _is_installed(app: App, repository: Repository) -> bool:
    return repository.id in app.repository_ids or repository.owner.id in app.account_ids


def _provider(environment: Environment, rule_id: int) -> App:
    found = environment.custom_rules.get(rule_id)
    if found is None:
        raise errors.not_found()
    return found
