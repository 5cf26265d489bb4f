"""Which actors a ruleset lets bypass its rules."""

from typing import Any

import pytest

from sandbox.github.planting import plant
from sandbox.github.seed import Seed
from sandbox.github.store import Store
from tests.sandbox.github.conftest import MEMBER, Api
from tests.sandbox.github.rules.world import (
    FILE,
    PULL,
    R,
    rule,
)


@pytest.mark.parametrize(
    ("actor", "said"),
    [
        ({"actor_type": "RepositoryRole", "actor_id": 5}, "always"),
        ({"actor_type": "OrganizationAdmin"}, "always"),
        ({"actor_type": "User", "actor_id": 11, "bypass_mode": "exempt"}, "exempt"),
        ({"actor_type": "User", "actor_id": 12}, "never"),
        ({"actor_type": "Team", "actor_id": 31}, "never"),
        ({"actor_type": "Integration", "actor_id": 51}, "never"),
        ({"actor_type": "DeployKey"}, "never"),
        (
            {"actor_type": "OrganizationAdmin", "bypass_mode": "pull_request"},
            "pull_requests_only",
        ),
    ],
    ids=lambda value: value["actor_type"] if isinstance(value, dict) else value,
)
def test_bypass(api: Api, actor: dict[str, Any], said: str) -> None:
    """A listed actor may write if its mode allows it; `current_user_can_bypass` says so before."""
    made = rule(api, PULL, bypass_actors=[actor])
    assert made["current_user_can_bypass"] == said
    status = 201 if said in {"always", "exempt"} else 409
    assert api("PUT", f"{R}/contents/x", FILE).status_code == status


def test_an_app_bypasses_by_its_own_name_only(api: Api, store: Store) -> None:
    """Only the App itself counts, not the roles of the user behind the App's token."""
    app = {"token": "app", "login": "boss", "kind": "app", "app": "change-gate"}
    plant(store, Seed.model_validate({"tokens": [app]}))
    made = rule(api, PULL, bypass_actors=[{"actor_type": "OrganizationAdmin"}])
    assert api("PUT", f"{R}/contents/x", FILE, token="app").status_code == 409
    listed = {"bypass_actors": [{"actor_type": "Integration", "actor_id": 51}]}
    api("PUT", f"{R}/rulesets/{made['id']}", listed)
    assert api("PUT", f"{R}/contents/x", FILE, token="app").status_code == 201
    assert api("PUT", f"{R}/contents/y", FILE).status_code == 409


def test_the_bypass_list_is_for_writers(api: Api) -> None:
    """Users who can only read a ruleset do not see its `bypass_actors`."""
    made = rule(api, PULL, bypass_actors=[{"actor_type": "OrganizationAdmin"}])
    path = f"{R}/rulesets/{made['id']}"
    assert "bypass_actors" in api("GET", path).get_json()
    shown = api("GET", path, token=MEMBER).get_json()
    assert "bypass_actors" not in shown
    assert shown["current_user_can_bypass"] == "never"
