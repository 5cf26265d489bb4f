from typing import Any

from operations.state.declared_inputs import keep_declared


def state(boundary: str, **more: Any) -> dict[str, Any]:
    """Return a role and a variable, with the given value."""
    role = {"name": "r", "permissionsBoundary": boundary}
    return {
        "deployment": {
            "resources": [
                {"urn": "role", "type": "aws:iam/role:Role", "inputs": role, "outputs": role}
                | more,
                {"urn": "stack", "type": "pulumi:pulumi:Stack"},
                {"urn": "variable", "type": "x:y/variable:V", "inputs": {"value": boundary}},
            ]
        }
    }


def test_a_refresh_keeps_declared_inputs() -> None:
    """A refresh keeps declared inputs of kinds whose differences may go both ways."""
    after = state("somebody's")
    keep_declared(after, state("ours"))
    role, _, variable = after["deployment"]["resources"]
    assert role["inputs"]["permissionsBoundary"] == "ours"
    assert role["outputs"]["permissionsBoundary"] == "somebody's"
    assert variable["inputs"] == {"value": "somebody's"}


def test_new_and_deleted_resources_are_left() -> None:
    """New resources and those to be deleted keep the inputs of the refresh."""
    for before, after in (
        ({"deployment": {}}, state("x")),
        (state("ours", delete=True), state("x")),
        (state("ours"), state("x", delete=True)),
    ):
        keep_declared(after, before)
        assert after["deployment"]["resources"][0]["inputs"]["permissionsBoundary"] == "x"
