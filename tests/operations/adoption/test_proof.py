from dataclasses import replace
from typing import Any

from operations.adoption.change import Act, Change
from operations.adoption.proof import adopted_part, difference
from operations.diff.finding import Direction
from tests.operations.keys import key

VARIABLE = "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable"
FILE = "github:index/repositoryFile:RepositoryFile"
OBJECT = key("environment prod, variable LEVEL")
LISTED = Change("ledger", OBJECT, "value", "a", "b", Direction.NEUTRAL, Act.UPDATE)


def step(op: str, *fields: str, kind: str = VARIABLE, **inputs: str) -> dict[str, Any]:
    """Return one step of a plan, about prod's variable unless other inputs are given."""
    given = {"repository": "ledger", "environment": "prod", "variableName": "LEVEL"} | inputs
    state = {"type": kind, "custom": True, "inputs": given}
    urn = f"urn:pulumi:acme::slipway::{kind}::ledger-python-dev.yml:main"
    return {
        "op": op,
        "urn": urn,
        "oldState": None if op == "create" else state,
        "newState": None if op == "delete" else state,
        "diffReasons": list(fields),
    }


def found(steps: list[dict[str, Any]], *listed: Change) -> tuple[int, int]:
    """Return how many steps were not listed, and how many listed changes are no step."""
    outcome = difference(adopted_part({"steps": steps}, {"ledger"}, {}), listed, {})
    assert bool(outcome) == bool(outcome.unlisted or outcome.absent)
    return len(outcome.unlisted), len(outcome.absent)


def test_a_plan_that_equals_the_list_is_the_proof() -> None:
    """A plan proves the adoption if object, property and act of each step are listed."""
    provider = step("create", kind="pulumi:providers:aws")
    assert found([step("update", "value"), step("same"), provider], LISTED) == (0, 0)


def test_an_unlisted_change_is_reported() -> None:
    """An unlisted property, act or object is reported; a deletion or replacement always is."""
    assert found([step("update", "value", "name")], LISTED) == (1, 0)
    assert found([step("create")], LISTED) == (1, 1)
    assert found([step("update", "value", variableName="OTHER")], LISTED) == (1, 1)
    assert found([step("delete")], replace(LISTED, field="")) == (1, 1)
    assert found([step("replace", "value")], LISTED) == (1, 1)


def test_a_listed_change_that_is_not_planned_is_reported() -> None:
    """A listed change that is not planned is reported, unless it is a rewrite."""
    assert found([], LISTED) == (0, 1)
    assert found([], replace(LISTED, act=Act.REWRITE)) == (0, 0)


def test_other_repositories_do_not_count() -> None:
    """Steps for other repositories do not count in the proof."""
    assert found([step("create", repository="other")]) == (0, 0)


def test_unreadable_fields_of_a_file_are_its_commit() -> None:
    """Commit message and overwriting belong to a file's content; alone they are a commit."""
    file = {"kind": FILE, "file": ".github/workflows/python-dev.yml"}
    object_ = key("python-dev.yml on main")
    content = replace(LISTED, object=object_, field="content")
    unread = ("commitMessage", "overwriteOnCreate")
    assert found([step("update", "content", *unread, **file)], content) == (0, 0)
    commit = replace(content, field="commit", act=Act.REWRITE)
    assert found([step("update", *unread, **file)], commit) == (0, 0)
    assert found([step("update", *unread, **file)]) == (1, 0)
