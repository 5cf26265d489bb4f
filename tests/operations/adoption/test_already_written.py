from typing import Any

import pytest

from operations.adoption.already_written import already_written
from tests.operations.keys import key

GITHUB = "github:index"
ENVIRONMENT = f"{GITHUB}/repositoryEnvironment:RepositoryEnvironment"
FILE = f"{GITHUB}/repositoryFile:RepositoryFile"
SECRET = f"{GITHUB}/actionsEnvironmentSecret:ActionsEnvironmentSecret"
PATH = {"file": ".github/workflows/python-dev.yml"}

#: A resource of the state, and the key of the object that an `up` has written, if any.
CASES: dict[str, tuple[str, dict[str, Any], str | None]] = {
    "imported environment": (ENVIRONMENT, {"preventSelfReview": None}, None),
    "environment": (ENVIRONMENT, {"preventSelfReview": False}, "environment prod"),
    "imported file": (FILE, PATH | {"overwriteOnCreate": False}, None),
    "file": (
        FILE,
        PATH | {"overwriteOnCreate": True, "commitMessage": "m"},
        "python-dev.yml on main",
    ),
    "imported secret": (SECRET, {"secretName": "A"}, None),
    "secret": (SECRET, {"secretName": "A", "value": {}}, "environment prod, secret A"),
}


@pytest.mark.parametrize(("kind", "inputs", "expected"), CASES.values(), ids=CASES)
def test_only_an_up_writes(kind: str, inputs: dict[str, Any], expected: str | None) -> None:
    """Only an `up` stores the inputs that GitHub does not return; an import leaves them out."""
    urn = f"urn:pulumi:acme::slipway::{kind}::ledger-python-dev.yml:main"
    given = {"repository": "ledger", "environment": "prod"} | inputs
    export = {"deployment": {"resources": [{"urn": urn, "type": kind, "inputs": given}]}}
    assert already_written(export) == ({("ledger", key(expected))} if expected else set())


def test_nothing_of_a_new_stack_is_written() -> None:
    """The state of a new stack, which has no resources, has no written object."""
    assert already_written({"deployment": {}}) == frozenset()
