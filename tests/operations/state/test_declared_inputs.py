from typing import Any

from operations.state.declared_inputs import keep_declared


def state(boundary: str, **more: Any) -> dict[str, Any]:
    """A role and a variable, read as given."""
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


def test_a_refresh_forgets_no_declaration() -> None:
    """What was declared stays an input; what is live is in the outputs, and all else as read."""
    after = state("somebody's")
    keep_declared(after, state("ours"))
    role, _, variable = after["deployment"]["resources"]
    assert role["inputs"]["permissionsBoundary"] == "ours"
    assert role["outputs"]["permissionsBoundary"] == "somebody's"
    assert variable["inputs"] == {"value": "somebody's"}


def test_what_is_new_or_to_be_deleted_is_left() -> None:
    """There is nothing that was declared of it."""
    for before, after in (
        ({"deployment": {}}, state("x")),
        (state("ours", delete=True), state("x")),
        (state("ours"), state("x", delete=True)),
    ):
        keep_declared(after, before)
        assert after["deployment"]["resources"][0]["inputs"]["permissionsBoundary"] == "x"
