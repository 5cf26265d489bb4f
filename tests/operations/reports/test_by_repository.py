"""The report of a failed update groups objects by repository, with file and line."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from components.config.stack_files import StackFiles
from operations.engine.continued.outcomes import Outcome
from operations.engine.steps import Step, plan_steps
from operations.reports.by_repository import by_repository
from tests.operations.guard.plans import ENVIRONMENT, FILE, PROVIDER, ROLE, VARIABLE, step

SETTINGS = """\
owner: acme
defaults:
  environments:
    prod: {wait_minutes: 5}
accounts:
  dev: {account_id: "111111111111", region: eu-west-1}
  test: {account_id: "111111111111", region: eu-west-1}
  prod: {account_id: "111111111111", region: eu-west-1}
"""
PAYMENTS = """\
# A comment
repository: payments
branches: {prod: main}
environments:
  test:
    role: {path: /ci/}
"""


class WriteStack(Protocol):
    """The fixture that writes declarations."""

    def __call__(self, settings: str = ..., **files: str) -> Path:
        """Return the stack's folder."""


def made(kind: str, **inputs: Any) -> Step:
    """One step that creates an object."""
    (found,) = plan_steps({"steps": [step("create", kind, **inputs)]})
    return found


def reported(write_stack: WriteStack, ended: Sequence[Outcome]) -> list[str]:
    """The report's lines, each file without its folder."""
    billing = "repository: billing\n"
    files = StackFiles(write_stack(SETTINGS, billing=billing, payments=PAYMENTS))
    lines = by_repository(files, ended, files.stack.role_owners())
    return [line.replace(f"{files.folder}/", "").replace("stacks/s/", "") for line in lines]


def test_each_object_is_named_at_its_declaration(write_stack: WriteStack) -> None:
    """A failed object is shown with the line that declares it, which may be a default's.

    Repositories without a failure come first, so that the failures end the screen.
    """
    place = {"repository": "payments"}
    failures = [
        (made(ENVIRONMENT, environment="prod", **place), "422 of the plan"),
        (made(ROLE, name="acme.payments-test"), "too many\x1b roles"),
        (made(FILE, file=".github/workflows/python-test.yml", **place), "409 of a rule"),
        (made(VARIABLE, environment="dev", variableName="A", **place), ""),
    ]
    ended = [Outcome(step, "failed", why) for step, why in failures]
    ended.append(Outcome(made(PROVIDER), "failed", "refused"))
    ended.append(Outcome(made(ENVIRONMENT, environment="dev", repository="billing"), "done"))
    ended.append(Outcome(made(ENVIRONMENT, environment="dev", repository="former"), "failed", "x"))
    assert reported(write_stack, ended) == [
        "s: 2 of 3 repositories not done",
        "  billing.yaml:1: billing: 1 done of 1 change",
        "  _stack.yaml:5: accounts: 1 failed of 1 change",
        "    _stack.yaml:5: OIDC provider of account x: refused",
        "  former: 1 failed of 1 change",
        "    environment dev: x",
        "  payments.yaml:2: payments: 4 failed of 4 changes",
        "    _stack.yaml:4: environment prod: 422 of the plan",
        r"    payments.yaml:6: role acme.payments-test: too many\x1b roles",
        "    payments.yaml:3: python-test.yml on x: 409 of a rule",
        "    payments.yaml:2: environment dev, variable A: failed",
    ]


def test_what_was_not_begun_has_its_reason(write_stack: WriteStack) -> None:
    """Steps not begun for the same reason share a line that names three of them."""
    place = {"environment": "dev", "repository": "billing"}
    failed = made(ENVIRONMENT, **place)
    waiting = [made(VARIABLE, variableName=name, **place) for name in "ABCDE"]
    ended = [Outcome(failed, "failed", "no")]
    ended += [Outcome(step, "not begun", because=(failed,)) for step in waiting]
    ended.append(Outcome(made(ROLE, name="acme.billing-dev"), "not begun"))
    ended.append(Outcome(made(ROLE, name="acme.billing-test"), "deleted", because=(failed,)))
    half = "1 deleted and not made again"
    named = "; ".join(f"environment dev, variable {name}" for name in "ABC")
    assert reported(write_stack, ended)[1:] == [
        f"  billing.yaml:1: billing: 1 failed, {half}, 6 not begun of 8 changes",
        "    billing.yaml:1: environment dev: no",
        f"    not begun, because of environment dev: {named} and 2 more",
        "    not begun, as the run ended before: role acme.billing-dev",
        f"    {half[2:]}, because of environment dev: role acme.billing-test",
    ]
