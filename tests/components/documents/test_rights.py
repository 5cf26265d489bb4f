"""The sandbox evaluates the policies of `slipway rights` for a user who has them."""

import functools
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import parliament
import pytest

from components.documents.rights import assumes, caps_every_role, rights
from components.model.repository import Repository
from components.model.stack import Account, Stack, StackSettings
from sandbox.aws.authority import allow
from sandbox.aws.needed_rights import NeededRight

ACCOUNT: Final = "333333333333"
BOUNDARY: Final = f"arn:aws:iam::{ACCOUNT}:policy/deployments"
ADMINISTRATOR: Final = "arn:aws:iam::aws:policy/AdministratorAccess"
DEFINITION: Final = Path(parliament.__file__).with_name("iam_definition.json")


def stack(
    *repositories: dict[str, Any], boundary: str | None = None, provider: str = "create"
) -> Stack:
    """Repositories in one account; all inherit the boundary."""
    account = {"account_id": ACCOUNT, "region": "eu-west-1", "oidc_provider": provider}
    role = {"role": {"permissions_boundary": boundary}}
    settings = {
        "owner": "acme",
        "accounts": dict.fromkeys(("dev", "test", "prod"), account),
        "defaults": {"environments": dict.fromkeys(("dev", "test", "prod"), role)},
    }
    inherited = {"environments": dict.fromkeys(("dev", "test", "prod"), role)}
    return Stack(
        name="s",
        settings=StackSettings.model_validate(settings),
        repositories=tuple(Repository.model_validate(inherited | one) for one in repositories),
    )


def account(declared: Stack) -> Account:
    """The stack's account."""
    return declared.settings.account("prod")


def role(name: str, path: str = "/slipway/") -> str:
    """The ARN of a role."""
    return f"arn:aws:iam::{ACCOUNT}:role{path}{name}"


def may(
    declared: Stack, action: str, resource: str, kind: str = "up", **context: str | None
) -> bool:
    """Return whether the policy of that kind allows an action, given IAM's condition keys."""
    keys = {f"iam:{key}": [value] if value else [] for key, value in context.items()}
    known: dict[str, list[str]] = {"iam:permissionsboundary": [], "iam:policyarn": []}
    policy = rights(declared, account(declared))[kind]
    return allow(policy["Statement"], NeededRight(action, resource, known | keys))


BILLING: Final = {"repository": "billing"}
NAMED: Final = {
    "repository": "old",
    "environments": {
        "prod": {
            "role": {
                "name": "theirs",
                "path": "/",
                "permissions_boundary": BOUNDARY,
                "managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            }
        }
    },
}
CUT: Final = {"repository": "x" * 100, "previously": ["y" * 100]}


def test_roles_of_the_stack_and_no_others() -> None:
    """Roles may be changed if they match the pattern of derived names, or a declared name."""
    declared = stack(BILLING, NAMED)
    for action in ("iam:DeleteRole", "iam:PutRolePolicy", "iam:UpdateAssumeRolePolicy"):
        assert may(declared, action, role("acme.billing-prod"))
        assert may(declared, action, role("acme.later-dev"))
        assert may(declared, action, role("theirs", "/"), permissionsboundary=BOUNDARY)
        assert not may(declared, action, role("acme.billing-prod", "/"))
        assert not may(declared, action, role("other.billing-prod"))
        assert not may(declared, action, role("slipway", "/"))


def test_names_that_were_cut_are_given_one_by_one() -> None:
    """Shortened role names are listed one by one, since the pattern does not match them."""
    declared = stack(CUT)
    policy = rights(declared, account(declared))["up"]
    (statement,) = (one for one in policy["Statement"] if one["Sid"] == "KeepRoles")
    cut = [arn for arn in statement["Resource"] if "+" in arn]
    assert len(cut) == 6
    assert all(may(declared, "iam:CreateRole", arn) for arn in cut)


def test_a_boundary_that_every_role_has_is_demanded() -> None:
    """If all roles have a boundary, a role is never created, given rights or left without it."""
    declared = stack(BILLING, boundary=BOUNDARY)
    assert caps_every_role(declared, account(declared))
    for action in ("iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"):
        for name in ("acme.billing-prod", "acme.later-prod"):
            assert may(declared, action, role(name), permissionsboundary=BOUNDARY)
            assert not may(declared, action, role(name), permissionsboundary=ADMINISTRATOR)
            assert not may(declared, action, role(name))
    taken = "iam:DeleteRolePermissionsBoundary"
    assert not may(declared, taken, role("acme.billing-prod"), permissionsboundary=BOUNDARY)


def test_a_boundary_of_one_role_stays_on_it() -> None:
    """If only one role has a boundary, it keeps the boundary, whatever other rights exist."""
    declared = stack(BILLING, NAMED)
    assert not caps_every_role(declared, account(declared))
    assert may(declared, "iam:CreateRole", role("acme.billing-prod"))
    capped = role("theirs", "/")
    for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"):
        assert may(declared, action, capped, permissionsboundary=BOUNDARY)
        assert not may(declared, action, capped, permissionsboundary=ADMINISTRATOR)
    assert not may(declared, "iam:PutRolePolicy", capped)
    assert not may(declared, "iam:DeleteRolePermissionsBoundary", capped)
    # `up` can remove a boundary that an administrator put on a role.
    assert may(declared, "iam:DeleteRolePermissionsBoundary", role("acme.billing-prod"))


def test_a_stack_without_repositories_has_what_they_would_inherit() -> None:
    """The policies require the boundary before the first repository is declared."""
    declared = stack(boundary=BOUNDARY)
    assert caps_every_role(declared, account(declared))
    made = role("acme.first-dev")
    assert may(declared, "iam:CreateRole", made, permissionsboundary=BOUNDARY)
    assert not may(declared, "iam:CreateRole", made)


def test_only_declared_policies_are_attached_and_any_is_detached() -> None:
    """No role gets AdministratorAccess unless it is declared."""
    declared = stack(BILLING, NAMED)
    attach, place = "iam:AttachRolePolicy", role("acme.billing-prod")
    assert may(declared, attach, place, policyarn="arn:aws:iam::aws:policy/ReadOnlyAccess")
    assert not may(declared, attach, place, policyarn=ADMINISTRATOR)
    assert may(declared, "iam:DetachRolePolicy", place, policyarn=ADMINISTRATOR)
    plain = stack(BILLING)
    assert not may(plain, attach, place, policyarn="arn:aws:iam::aws:policy/ReadOnlyAccess")


@pytest.mark.parametrize("provider", ["create", "existing"])
def test_the_provider_is_changed_where_it_is_made(provider: str) -> None:
    """The provider may be deleted only if slipway created it."""
    declared = stack(BILLING, provider=provider)
    arn = account(declared).oidc_provider_arn
    assert may(declared, "iam:GetOpenIDConnectProvider", arn)
    assert may(declared, "iam:DeleteOpenIDConnectProvider", arn) == (provider == "create")
    assert not may(declared, "iam:DeleteOpenIDConnectProvider", arn.replace("token.", "x."))


SOURCES: Final = {
    "repository": "billing",
    "environments": {
        "prod": {
            "secrets": {
                "A": {"secretsmanager": "billing/key"},
                "B": {"ssm": "/billing/key:3"},
                "C": "config",
            }
        }
    },
}


def test_declared_secrets_are_read_and_no_others() -> None:
    """The policies for drift and `up` allow reading declared secrets only, a preview's none."""
    declared, place = stack(SOURCES), f"eu-west-1:{ACCOUNT}"
    for name, action, arn in (
        (
            "key",
            "secretsmanager:GetSecretValue",
            f"secretsmanager:{place}:secret:billing/%s-a1B2c3",
        ),
        ("key", "ssm:GetParameter", f"ssm:{place}:parameter/billing/%s"),
    ):
        for kind in ("preview", "drift", "up"):
            there, other = (f"arn:aws:{arn % one}" for one in (name, f"{name}-2"))
            assert may(declared, action, there, kind) == (kind != "preview")
            assert not may(declared, action, other, kind)


def test_a_preview_and_a_look_for_drift_change_nothing() -> None:
    """All actions for a preview and for drift have AWS's access level Read or List."""
    levels = {
        f"{service['prefix']}:{privilege['privilege']}": privilege["access_level"]
        for service in json.loads(DEFINITION.read_text(encoding="utf-8"))
        for privilege in service["privileges"]
    }
    documents = rights(stack(SOURCES), account(stack(SOURCES)))
    for kind in ("preview", "drift"):
        assert {part["Effect"] for part in documents[kind]["Statement"]} == {"Allow"}
        actions = {one for part in documents[kind]["Statement"] for one in part["Action"]}
        assert {levels[action] for action in actions} == {"Read", "List"}


@functools.cache
def condition_keys() -> dict[str, set[str]]:
    """Return the condition keys of each IAM action, by AWS's service authorization reference."""
    (iam,) = (s for s in json.loads(DEFINITION.read_text(encoding="utf-8")) if s["prefix"] == "iam")
    return {
        f"iam:{one['privilege']}": {
            key for r in one["resource_types"] for key in r["condition_keys"]
        }
        for one in iam["privileges"]
    }


ALL: Final[Mapping[str, Stack]] = {
    "capped": stack(BILLING, SOURCES | {"repository": "other"}, boundary=BOUNDARY),
    "mixed": stack(BILLING, NAMED, CUT, SOURCES | {"repository": "other"}),
    "plain": stack(BILLING, provider="existing"),
}


@pytest.mark.parametrize("name", ALL)
def test_a_condition_is_of_a_key_that_every_action_beside_it_knows(name: str) -> None:
    """Each action knows its statement's condition key, or it would be allowed never or always."""
    known = condition_keys()
    for statement in rights(ALL[name], account(ALL[name]))["up"]["Statement"]:
        for keys in statement.get("Condition", {}).values():
            for action in statement["Action"]:
                assert keys.keys() <= known[action], (statement["Sid"], action)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
@pytest.mark.parametrize("name", ALL)
def test_the_policies_pass_an_iam_linter(name: str) -> None:
    """Actions exist and match the resources they are granted on."""
    for document in rights(ALL[name], account(ALL[name])).values():
        found = parliament.analyze_policy_string(json.dumps(document)).findings
        assert [str(finding) for finding in found if finding.issue not in _MEANT] == []


#: Accepted findings. AWS's own examples compare a boundary's ARN as text, without wildcards. And
#: all roles are read with `*`: IAM does not know the path of a role that does not exist.
_MEANT: Final = {"MISMATCHED_TYPE_BUT_USABLE", "RESOURCE_STAR"}


def test_a_caller_that_assumes_the_roles_needs_that_only() -> None:
    """The caller needs the right to assume the declared roles, and no policy if there are none."""
    assert assumes(stack(BILLING)) is None
    roles = {
        "assume_role": f"arn:aws:iam::{ACCOUNT}:role/slipway",
        "read_role": f"arn:aws:iam::{ACCOUNT}:role/slipway-read",
    }
    prod = {"account_id": ACCOUNT, "region": "eu-west-1"} | roles
    settings = {"owner": "acme", "accounts": dict.fromkeys(("dev", "test", "prod"), prod)}
    declared = Stack(name="s", settings=StackSettings.model_validate(settings), repositories=())
    document = assumes(declared)
    assert document is not None
    assert {one["Sid"]: one["Resource"] for one in document["Statement"]} == {
        "LookAsRoles": roles["read_role"],
        "ChangeAsRoles": roles["assume_role"],
    }
