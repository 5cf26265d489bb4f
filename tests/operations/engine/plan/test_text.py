"""The list of a plan's changes, for the user who is asked."""

import json
from typing import Any

from components.objects.kinds import INLINE_POLICY_LIST, KINDS, MANAGED_POLICY_LIST, WORKFLOW
from operations.engine.plan.text import plan_lines
from operations.engine.steps import plan_steps
from tests.operations.diff.iam.documents import trust
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
        "          wait_minutes: live 5 -> declared 10",
        "      update environment dev, variable LEVEL",
        r"          value: live nothing -> declared \x1b[2J",
    ]


def _changed(type_: str, key: str, live: Any, declared: Any, **inputs: Any) -> list[str]:
    """Return the lines about one changed property."""
    change = step("update", type_, key, **inputs, **{key: declared})
    change["oldState"] = {**change["oldState"], "inputs": inputs, "outputs": {key: live}}
    return [line.strip() for line in plan_lines(list(plan_steps({"steps": [change]})), ROLES)][2:]


def test_policies_are_compared_as_documents() -> None:
    """White space and order are no difference; a trust's conditions are shown in words."""
    role = {"name": "acme.billing-prod"}
    bare = trust("StringEquals", "repo:acme/a")
    pinned = json.loads(json.dumps(bare))
    pinned["Statement"]["Condition"]["StringEquals"]["token.actions.githubusercontent.com:ref"] = (
        "refs/heads/" + "long/" * 80 + "main"
    )
    compact, spaced = json.dumps(pinned, separators=(",", ":")), json.dumps(bare, indent=1)
    assert _changed(ROLE, "assumeRolePolicy", spaced, compact, **role) == [
        f"trust: live subject alone -> declared also ref refs/heads/{'long/' * 80}main"
    ]
    turned = json.dumps(dict(reversed(bare.items())), separators=(",", ":"))
    assert _changed(ROLE, "assumeRolePolicy", turned, spaced, **role) == [
        "trust: live the same, written in another way -> declared as slipway writes it"
    ]


def test_a_text_shows_the_lines_that_differ() -> None:
    """Of a file the first changed lines are shown, each around its difference; the rest counts."""
    file = {"repository": "billing", "file": ".github/workflows/python-prd.yml"}
    same = [f"line {number}" for number in range(200)]
    long = "run: zip " + "module " * 60
    live = [*same, f"{long}da.zip", "a", "b", "c", "only live", *same]
    declared = [*same, f"{long}lambda.zip", "A", "B", "C", *same]
    lines = _changed(WORKFLOW.type, "content", "\n".join(live), "\n".join(declared), **file)
    assert lines == [
        "content: - live, + declared",
        "- …odule module module da.zip",
        "+ …odule module module lambda.zip",
        "- a",
        "+ A",
        "- b",
        "+ B",
        "… 2 more lines",
    ]


def test_long_values_are_cut_around_the_difference() -> None:
    """A difference after hundreds of equal characters is shown."""
    same = "x" * 1000
    (line,) = _changed(VARIABLE, "value", f"{same}old", f"{same}new", variableName="V", **DEV)
    assert "old -> declared" in line
    assert line.endswith("new")
    assert len(line) < 120


def test_reviewers_are_shown_without_pulumis_own_keys() -> None:
    """Reviewers are shown by their ids; keys of Pulumi's own are left out, at every depth."""
    declared = [{"__defaults": [], "teams": [1000005], "users": [3, 4]}]
    assert _changed(ENVIRONMENT, "reviewers", [], declared, **DEV) == [
        "reviewers: live nothing -> declared team id 1000005, user id 3, user id 4"
    ]
    policy = {"__defaults": [], "customBranchPolicies": True, "protectedBranches": False}
    (line,) = _changed(ENVIRONMENT, "deploymentBranchPolicy", None, policy, **DEV)
    assert "customBranchPolicies" in line
    assert "__" not in line


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
