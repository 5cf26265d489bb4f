"""Some imports could wait for ever in an update that continues after an error."""

from typing import Any

import pytest

from operations.engine.continued.dependencies import needs_of, waiting_imports
from operations.engine.steps import plan_steps
from tests.operations.engine.test_outcomes import planned, urn


def waiting(*steps: dict[str, Any]) -> list[str]:
    """Return the imports of a plan that may wait for ever."""
    plan = {"steps": list(steps)}
    return waiting_imports(plan, list(plan_steps(plan)))


@pytest.mark.parametrize("op", ["import", "import-replacement"])
@pytest.mark.parametrize("before", ["create", "update", "replace"])
def test_an_import_that_depends_on_a_change_may_wait_for_ever(op: str, before: str) -> None:
    """An import may wait for ever if it depends on a change, also through another resource."""
    steps = (
        planned(before, "first"),
        planned("same", "second", dependencies=[urn("first")]),
        planned(op, "third", dependencies=[urn("second")]),
    )
    assert waiting(*steps) == ["third"]


def test_other_imports_do_not_wait() -> None:
    """An import waits for no unchanged resource, and not for its provider, which is configured."""
    kind = "pulumi:providers:github"
    provider = planned("create", "github", type=kind)
    provider["urn"] = provider["urn"].replace(urn("x").split("::")[2], kind)
    given = f"{provider['urn']}::id"
    steps = (
        provider,
        planned("same", "first"),
        planned("create", "other"),
        planned("import", "second", dependencies=[urn("first")], provider=given),
    )
    assert provider["urn"] in needs_of({"steps": steps})[urn("second")]
    assert waiting(*steps) == []


def test_a_circle_ends() -> None:
    """A circle of dependencies, which Pulumi never plans, does not hang slipway."""
    circle = [planned("create", "a", parent=urn("b")), planned("create", "b", parent=urn("a"))]
    assert needs_of({"steps": circle})[urn("a")] >= {urn("b")}
