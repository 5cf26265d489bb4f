"""The list of a plan's changes, for the user who is asked."""

from typing import Any

from components.objects.kinds import INLINE_POLICY_LIST, KINDS, MANAGED_POLICY_LIST
from operations.engine.plan_text import plan_lines
from operations.engine.steps import plan_steps
from tests.operations.guard.plans import ENVIRONMENT, PROVIDER, ROLE, ROLES, VARIABLE, step

DEV = {"repository": "billing", "environment": "dev"}


def test_the_question_lists_every_change() -> None:
    """The question lists every change with both values; foreign text is made visible."""
    update = step("update", ENVIRONMENT, "waitTimer", waitTimer=10, **DEV)
    update["oldState"] = {**update["oldState"], "inputs": {**DEV}, "outputs": {"waitTimer": 5}}
    edited = step("update", VARIABLE, "value", variableName="LEVEL", value="\x1b[2J", **DEV)
    edited["oldState"] = {**edited["oldState"], "inputs": DEV, "outputs": {"variableName": "LEVEL"}}
    plan = {
        "steps": [
            step("create", VARIABLE, variableName="NEW", value="1", **DEV),
            step("delete", VARIABLE, variableName="OLD", value="1", **DEV),
            update,
            edited,
        ]
    }
    assert list(plan_lines(list(plan_steps(plan)), ROLES)) == [
        "    billing: 4 changes",
        "      create environment dev, variable NEW",
        "      delete environment dev, variable OLD",
        "      update environment dev",
        "          wait_minutes: 5 -> 10",
        "      update environment dev, variable LEVEL",
        r"          value: nothing -> \x1b[2J",
    ]


def test_changes_are_grouped_by_repository() -> None:
    """Changes of accounts come first, then those of each repository, in the plan's order."""
    zebra, owned = ({"repository": name, "environment": "dev"} for name in ("zebra", "billing"))
    plan = {
        "steps": [
            step("create", VARIABLE, variableName="B", value="1", **zebra),
            step("create", ENVIRONMENT, **owned),
            step("create", VARIABLE, variableName="A", value="1", **zebra),
            step("create", ROLE, name="acme.billing-dev"),
            step("create", PROVIDER, url="https://issuer.example"),
        ]
    }
    assert [line.strip() for line in plan_lines(list(plan_steps(plan)), ROLES)] == [
        "accounts: 1 change",
        "create OIDC provider of account x",
        "billing: 2 changes",
        "create environment dev",
        "create role acme.billing-dev",
        "zebra: 2 changes",
        "create environment dev, variable B",
        "create environment dev, variable A",
    ]


def test_fields_have_the_declarations_names() -> None:
    """Known properties have their declared names, unknown ones the same style of spelling."""
    for kind in KINDS:
        for field in kind.fields:
            provided = kind.type and field.property and field.live
            # A rewritten file is shown as one commit, whatever the reason.
            if not provided or kind in _OTHERWISE or field.name == "overwrite":
                continue
            inputs = {name: "x" for name in kind.inputs.values() if name}
            changed = step("update", kind.type, field.property, repository="r", **inputs)
            assert f"          {field.name}: " in _listed(changed), (kind.words, field.property)
    odd = step("update", ROLE, "namePrefix", name="acme.billing-dev")
    assert "          name_prefix: " in _listed(odd)


#: Kinds that are listed in another way: a list of policies has one line for each policy.
_OTHERWISE = (INLINE_POLICY_LIST, MANAGED_POLICY_LIST)


def _listed(changed: dict[str, Any]) -> str:
    return "\n".join(plan_lines(list(plan_steps({"steps": [changed]})), ROLES))
