"""Custom deployment protection rules of environments, which GitHub Apps provide."""

from typing import Any

import pytest

from sandbox.github.store import Store
from tests.sandbox.github.conftest import MEMBER, OUTSIDER, Api
from tests.sandbox.github.refusals import Refusal, assert_refused

E = "/repos/acme/billing/environments/prod"
RULES = f"{E}/deployment_protection_rules"
SECRET = "/repos/thrifty/secret/environments/prod"


def enabled(api: Api, environment: str = E) -> list[str]:
    """The Apps whose rules an environment has."""
    found = api("GET", f"{environment}/deployment_protection_rules").get_json()
    assert found["total_count"] == len(found["custom_deployment_protection_rules"])
    return [rule["app"]["slug"] for rule in found["custom_deployment_protection_rules"]]


def available(api: Api, environment: str = E, query: str = "") -> list[str]:
    """The Apps whose rules an environment may have."""
    found = api("GET", f"{environment}/deployment_protection_rules/apps{query}").get_json()
    apps = found["available_custom_deployment_protection_rule_integrations"]
    return [app["slug"] for app in apps]


def test_an_enabled_rule_is_listed_until_it_is_disabled(api: Api) -> None:
    """All routes return the same enabled rule; no other environment has it."""
    rule = api.enable("prod", 51)
    assert rule["enabled"] is True
    assert rule["app"]["id"] == 51
    assert api("GET", f"{RULES}/{rule['id']}").get_json() == rule
    assert enabled(api) == ["change-gate"]
    assert enabled(api, "/repos/acme/billing/environments/open") == []
    assert api("DELETE", f"{RULES}/{rule['id']}").status_code == 204
    assert enabled(api) == []
    assert api("GET", f"{RULES}/{rule['id']}").status_code == 404


def test_protection_rules_of_an_environment_are_the_built_in_ones(api: Api) -> None:
    """As GitHub documents it, a custom rule does not appear in the environment's answer."""
    before = api("GET", E).get_json()
    api.enable("prod", 51)
    assert api("GET", E).get_json() == before


def test_a_put_of_the_environment_keeps_custom_rules(api: Api) -> None:
    """A PUT of the environment keeps custom rules; deleting the environment deletes them."""
    api.enable("prod", 51)
    assert api("PUT", E, {"wait_timer": 1}).status_code == 200
    assert enabled(api) == ["change-gate"]
    api("DELETE", E)
    api("PUT", E, {})
    assert enabled(api) == []


def test_an_app_is_available_where_it_is_installed(api: Api) -> None:
    """An App is available on all repositories of an account, also new ones, or on selected ones."""
    assert available(api) == ["change-gate", "datadog-ci-gate"]
    assert available(api, query="?per_page=1&page=2") == ["datadog-ci-gate"]
    api("POST", "/orgs/acme/repos", {"name": "new"})
    api("PUT", "/repos/acme/new/environments/dev", {})
    assert available(api, "/repos/acme/new/environments/dev") == ["change-gate"]


def test_a_private_repository_has_custom_rules_on_enterprise_only(api: Api, store: Store) -> None:
    """On the plan Team a private repository can enable no App; a public one can."""
    api("PUT", SECRET, {})
    assert available(api, SECRET) == []
    request = ("POST", f"{SECRET}/deployment_protection_rules", {"integration_id": 52})
    assert_refused(api, store, ("", request, 422, "is not available"))
    api("PATCH", "/repos/thrifty/secret", {"private": False})
    assert available(api, SECRET) == ["datadog-ci-gate"]
    api.enable("prod", 52, "thrifty/secret")
    api("PUT", "/repos/acme/hidden/environments/dev", {})
    assert available(api, "/repos/acme/hidden/environments/dev") == ["change-gate"]


def test_an_environment_has_at_most_six_custom_rules(api: Api, store: Store) -> None:
    """Even if more Apps are installed, a seventh rule is refused until one is disabled."""
    apps = [{"slug": f"gate-{n}", "id": n, "installed_on": ["acme"]} for n in range(61, 68)]
    api.client.post("/_sandbox/seed", json={"apps": apps})
    rules = [api.enable("prod", app_id) for app_id in range(61, 67)]
    assert_refused(api, store, ("", ("POST", RULES, {"integration_id": 67}), 422, "at most 6"))
    api("DELETE", f"{RULES}/{rules[0]['id']}")
    assert api.enable("prod", 67)["app"]["slug"] == "gate-67"


REFUSALS: list[Refusal] = [
    ("an App exists", ("POST", RULES, {"integration_id": 99}), 422, "99 is not available"),
    ("an App is installed", ("POST", RULES, {"integration_id": 53}), 422, "is not available"),
    ("an App is enabled once", ("POST", RULES, {"integration_id": 51}), 422, "already enabled"),
    ("an App is given by id", ("POST", RULES, {}), 422, '"integration_id" wasn\'t supplied'),
    ("a rule exists", ("GET", f"{RULES}/1", None), 404, "Not Found"),
    ("only an existing rule is disabled", ("DELETE", f"{RULES}/1", None), 404, "Not Found"),
]


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: row[0])
def test_a_wrong_rule_is_refused(api: Api, store: Store, row: Refusal) -> None:
    """The statement holds, and the refused request changed nothing."""
    api.enable("prod", 51)
    assert_refused(api, store, row)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", f"{RULES}/apps", None),
        ("POST", RULES, {"integration_id": 52}),
        ("DELETE", f"{RULES}/1", None),
    ],
)
def test_only_administrators_change_rules_or_see_apps(
    api: Api, store: Store, method: str, path: str, body: Any
) -> None:
    """A member of the organisation can only read the enabled rules."""
    assert api("GET", RULES, token=MEMBER).status_code == 200
    assert api("GET", RULES, token=OUTSIDER).status_code == 200
    assert_refused(api, store, ("", (method, path, body), 403, "Resource not"), token=MEMBER)


def test_a_second_seed_adds_installations(api: Api) -> None:
    """The App keeps its id, and an account or repository that does not exist is refused."""
    seed: dict[str, Any] = {"apps": [{"slug": "elsewhere", "id": 77, "installed_on": ["acme"]}]}
    answer = api.client.post("/_sandbox/seed", json=seed)
    assert answer.get_json()["apps"]["elsewhere"] == 53
    assert "elsewhere" in available(api)
    seed["apps"][0]["installed_on"] = ["acme/none"]
    refused = api.client.post("/_sandbox/seed", json=seed)
    assert (refused.status_code, refused.get_json()["message"]) == (
        422,
        "App elsewhere: no repository acme/none",
    )
