"""Each difference of a role as one whole finding: properties, tags and policies."""

from typing import Any

import pytest

from components.objects.kind import Key
from components.objects.kinds import INLINE_POLICY, MANAGED_POLICY
from components.objects.kinds import ROLE as ROLES
from operations.diff.compare import compare
from operations.diff.finding import Direction, Finding, Repair
from operations.live.observed import Observed
from tests.operations.diff import worlds
from tests.operations.diff.cases import WRITTEN, role

PROD = "333333333333"
ROLE = ROLES.at("acme.billing-prod")
WEAKER, STRONGER, NEUTRAL = Direction.WEAKER, Direction.STRONGER, Direction.NEUTRAL
UP, HAND = Repair.UP, Repair.HAND


def findings(world: Observed, **changes: Any) -> list[Finding]:
    """The findings about a world, with other values in the declaration."""
    return list(compare(worlds.stack(**changes), world, WRITTEN))


def test_a_missing_role_is_one_finding() -> None:
    """A role that is gone is one finding, without others about its parts."""
    world = worlds.as_declared(worlds.stack())
    assert findings(worlds.with_account(world, PROD, roles={})) == [
        Finding("billing", ROLE, "", "there", "", NEUTRAL, UP, "role/missing")
    ]


BOUNDARY = "arn:aws:iam::333333333333:policy/deployments"


@pytest.mark.parametrize(
    ("wanted", "live", "direction", "both_ways"),
    [
        (BOUNDARY, None, WEAKER, False),
        (BOUNDARY, f"{BOUNDARY}-2", WEAKER, True),
        (None, BOUNDARY, STRONGER, False),
    ],
)
def test_a_boundary_protects_and_another_one_goes_both_ways(
    *, wanted: str | None, live: str | None, direction: Direction, both_ways: bool
) -> None:
    """A role without its boundary is weaker; another boundary may allow more, less or both."""
    prod_ = worlds.BILLING["environments"]["prod"]
    prod_ = prod_ | {"role": prod_["role"] | {"permissions_boundary": wanted}}
    world = role(permissions_boundary=live)(worlds.as_declared(worlds.stack()))
    (told,) = findings(world, environments={"prod": prod_})
    texts = ("permissions_boundary", wanted or "", live or "")
    rule = "role/permissions_boundary"
    assert told == Finding("billing", ROLE, *texts, direction, UP, rule, both_ways=both_ways)


def test_path_session_and_tags_are_compared() -> None:
    """Each property of the role that differs is one finding, with both values."""
    world = worlds.as_declared(worlds.stack())
    declared = "environment=prod, managed-by=slipway, repository=acme/billing"
    session = "role/max_session_seconds"
    changed = role(path="/x/", max_session_seconds=7200, tags={"b": "1", "a": "2"})(world)
    assert findings(changed) == [
        Finding("billing", ROLE, "max_session_seconds", "3600", "7200", WEAKER, UP, session),
        Finding("billing", ROLE, "path", "/slipway/", "/x/", NEUTRAL, UP, "role/path"),
        Finding("billing", ROLE, "tags", declared, "a=2, b=1", NEUTRAL, UP, "role/tags"),
    ]


READ, POWER = (f"arn:aws:iam::aws:policy/{name}Access" for name in ("ReadOnly", "PowerUser"))


@pytest.mark.parametrize(
    ("unmanaged", "repair"),
    [((), UP), (("arn:aws:iam::aws:policy/Sec*",), HAND), (("audit",), UP), ((POWER,), None)],
)
def test_attached_policies_are_compared(unmanaged: tuple[str, ...], repair: Repair | None) -> None:
    """`up` removes an added policy, unless others attach some; an unmanaged one is no finding.

    A declared policy that is gone is a finding in any case.
    """
    world = role(managed_policies=frozenset({POWER}))(worlds.as_declared(worlds.stack()))
    added, gone = (MANAGED_POLICY.at("acme.billing-prod", arn) for arn in (POWER, READ))
    missing, extra = "role/missing_managed_policy", "role/extra_managed_policy"
    assert findings(world, unmanaged={"role_policies": unmanaged}) == [
        *([Finding("billing", added, "", "", "attached", WEAKER, repair, extra)] if repair else ()),
        Finding("billing", gone, "", "attached", "", STRONGER, UP, missing),
    ]


def allowing(action: str | list[str]) -> dict[str, Any]:
    """A policy with this action."""
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def inline(name: str) -> Key:
    """An inline policy of prod's role."""
    return INLINE_POLICY.at("acme.billing-prod", name)


READS = inline("read")
MISSING = "role/missing_inline_policy"
GETS = '{"Action":"s3:Get*","Effect":"Allow","Resource":"*"}'


@pytest.mark.parametrize(
    ("unmanaged", "repair"), [((), UP), (("audit-*",), HAND), (("arn:*",), UP), (("a*",), None)]
)
def test_an_added_inline_policy_is_weaker(
    unmanaged: tuple[str, ...], repair: Repair | None
) -> None:
    """`up` removes it, unless others add some; an unmanaged one is no finding, and hides none."""
    policies = {"added": allowing("s3:Get*"), "deploy": allowing("s3:Put*")}
    world = role(inline_policies=policies)(worlds.as_declared(worlds.stack()))
    found = findings(world, unmanaged={"role_policies": unmanaged})
    rule = "role/extra_inline_policy"
    added = Finding("billing", inline("added"), "", "", GETS, WEAKER, repair or UP, rule)
    assert found[:-1] == ([added] if repair else [])
    assert (found[-1].object, found[-1].rule) == (inline("deploy"), "role/inline_policy")


@pytest.mark.parametrize(
    ("live", "told"),
    [
        (None, Finding("billing", READS, "", GETS, "", STRONGER, UP, MISSING)),
        (
            allowing("s3:Put*"),
            Finding(
                *("billing", READS, "document", "Action s3:Get*", "Action s3:Put*"),
                WEAKER,
                UP,
                "role/inline_policy",
                both_ways=True,
            ),
        ),
        (allowing(["s3:Get*"]), None),
    ],
)
def test_a_declared_inline_policy_is_compared(
    live: dict[str, Any] | None, told: Finding | None
) -> None:
    """It may be gone, or another one that allows more and less; unmanaged names do not hide it."""
    prod_ = worlds.BILLING["environments"]["prod"]
    prod_ = prod_ | {"role": prod_["role"] | {"inline_policies": {"read": allowing("s3:Get*")}}}
    changes = {"environments": {"prod": prod_}, "unmanaged": {"role_policies": ["r*"]}}
    world = worlds.as_declared(worlds.stack(**changes))
    (made,) = world.accounts[PROD].roles.values()
    others = {name: one for name, one in made.inline_policies.items() if name != "read"}
    changed = role(inline_policies=others | ({"read": live} if live else {}))(world)
    assert findings(changed, **changes) == ([told] if told else [])
