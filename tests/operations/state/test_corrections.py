from copy import deepcopy
from datetime import timedelta
from typing import Any

from operations.live.observed import Observed
from operations.state.corrections import OVERWRITTEN, correct
from tests.operations.diff import worlds

DELTA = "__pulumi_raw_state_delta"
CIPHERTEXT = {"4dabf18193072939515e22adb298388d": "x", "ciphertext": "v1:abc"}
KEY = ("billing", "prod", "DATABASE_URL")


def export(**reviewers: Any) -> dict[str, Any]:
    """The state of prod and of its secret, as a provider's refresh leaves it."""
    place = {"repository": "billing", "environment": "prod", DELTA: {"obj": {}}}
    environment = place | {"reviewers": [{"teams": [5], "users": []}], "preventSelfReview": True}
    secret = place | {"secretName": "database_url", "value": CIPHERTEXT}
    return {
        "deployment": {
            "resources": [
                {
                    "type": "github:index/repositoryEnvironment:RepositoryEnvironment",
                    "outputs": environment | reviewers,
                },
                {
                    "type": "github:index/actionsEnvironmentSecret:ActionsEnvironmentSecret",
                    "outputs": secret,
                },
                {"type": "slipway:index:OnboardedRepository", "urn": "x"},
            ]
        }
    }


def world(**changes: Any) -> Observed:
    """Return the live world with another prod."""
    declared = worlds.stack()
    return worlds.with_environment(worlds.as_declared(declared), "prod", **changes)


def test_an_unchanged_world_changes_no_state() -> None:
    """If the live world equals the last write, the state does not change."""
    state = export()
    before = deepcopy(state)
    assert correct(state, world(), {KEY: worlds.WRITTEN}) == []
    assert state == before


def test_removed_reviewers_leave_the_state() -> None:
    """Removed reviewers are removed from the state's outputs, as a correct refresh would do."""
    state = export()
    gone = world(users=frozenset(), teams=frozenset())
    assert correct(state, gone, {}) == ["billing: environment prod has no reviewers any more"]
    outputs = state["deployment"]["resources"][0]["outputs"]
    assert (outputs["reviewers"], outputs["preventSelfReview"]) == ([], False)
    assert DELTA not in outputs
    assert correct(state, gone, {}) == []


def test_an_overwritten_secret_differs_from_every_value() -> None:
    """An overwritten secret gets a marker in the state, so that the next `up` writes it again."""
    state = export()
    younger = {"DATABASE_URL": worlds.WRITTEN + timedelta(seconds=1)}
    said = correct(state, world(secrets=younger), {KEY: worlds.WRITTEN})
    assert said == [
        "billing: environment prod, secret DATABASE_URL was overwritten at 2026-11-01 12:00:01 UTC"
    ]
    outputs = state["deployment"]["resources"][1]["outputs"]
    assert outputs["value"] == OVERWRITTEN
    assert DELTA not in outputs
    assert correct(state, world(secrets=younger), {KEY: worlds.WRITTEN}) == []


def test_missing_objects_are_left_to_the_provider() -> None:
    """Missing repositories, environments and secrets are left to the provider's refresh."""
    state = export()
    declared = worlds.stack()
    nothing = Observed({"billing": None}, worlds.as_declared(declared).accounts)
    assert correct(state, nothing, {KEY: worlds.WRITTEN}) == []
    assert correct(state, world(secrets={}), {KEY: worlds.WRITTEN}) == []


def test_a_secret_of_another_repository_is_written_again() -> None:
    """A secret of another repository with the former name is written again to the declared one."""
    state = export()
    outputs = state["deployment"]["resources"][1]["outputs"]
    live = world().repositories["billing"]
    assert live is not None
    outputs["repositoryId"] = live.id
    assert correct(state, world(), {KEY: worlds.WRITTEN}) == []

    outputs["repositoryId"] = live.id + 1
    (said,) = correct(state, world(), {KEY: worlds.WRITTEN})
    assert said == (
        "billing: environment prod, secret DATABASE_URL belongs to another repository that had "
        "this name before"
    )
    assert (outputs["repositoryId"], outputs["value"]) == (live.id, OVERWRITTEN)
    assert DELTA not in outputs
