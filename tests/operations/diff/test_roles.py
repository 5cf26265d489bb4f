"""Findings about roles: their trust, tags and policies."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from components.documents.subject import subject
from components.objects.kind import Key
from components.objects.kinds import INLINE_POLICY, MANAGED_POLICY
from components.objects.kinds import ROLE as ROLES
from operations.diff.compare import compare
from operations.diff.finding import Direction, Finding, Repair
from operations.live.observed import Observed
from tests.operations.diff import worlds
from tests.operations.diff.cases import (
    WRITTEN,
    admitting,
    like,
    role,
    trusting,
)


def test_the_key_of_a_bucket_is_compared_with_its_condition() -> None:
    """Use of a bucket's key without the condition is weaker; without the statement stronger."""
    key = "arn:aws:kms:eu-west-1:333333333333:key/1234abcd"
    declared = worlds.stack(artifacts={"s3_bucket": "acme-packages", "kms_key": {"prod": key}})
    world = worlds.as_declared(declared)
    assert list(compare(declared, world, WRITTEN)) == []
    (made,) = world.accounts["333333333333"].roles.values()
    *others, use = made.inline_policies["deploy"]["Statement"]
    assert use["Resource"] == key
    open_ = {name: value for name, value in use.items() if name != "Condition"}
    for statements, direction in (([*others, open_], "weaker"), (others, "stronger")):
        policies = {"deploy": {"Version": "2012-10-17", "Statement": statements}}
        changed = worlds.with_role(world, "333333333333", inline_policies=policies)
        (found,) = compare(declared, changed, WRITTEN)
        assert (found.rule, found.direction.value) == ("role/inline_policy", direction)


def test_a_trust_with_more_subjects_is_shown_by_them() -> None:
    """A finding about trust shows only the differing subjects."""
    declared = worlds.stack()
    prod_, dev = (subject(worlds.PREFIX, name) for name in ("prod", "dev"))
    key = "StringEquals token.actions.githubusercontent.com:sub"
    for subjects, told in {
        (prod_, dev): ("", f"{key} {dev}"),
        (dev, "repo:o/x:ref"): (f"{key} {prod_}", f"{key} {dev}; {key} repo:o/x:ref"),
    }.items():
        (found,) = compare(declared, role(trust=trusting(*subjects))(worlds.as_declared(declared)))
        assert (found.declared, found.live) == told
        assert found.direction.value == "weaker"


def test_subjects_of_another_job_are_no_older_form() -> None:
    """Another environment's subject is a weaker trust, not an older form of the same subject."""
    declared = worlds.stack()
    change = role(trust=trusting(subject(worlds.PREFIX, "dev")))
    (found,) = compare(declared, change(worlds.as_declared(declared)))
    assert (found.rule, found.direction.value) == ("role/trust", "weaker")


def test_a_trust_without_a_statement_is_stronger() -> None:
    """It admits no job."""
    declared = worlds.stack()
    (found,) = compare(declared, role(trust={})(worlds.as_declared(declared)))
    assert (found.rule, found.direction.value) == ("role/trust", "stronger")


def test_tags_of_aws_itself_are_no_drift() -> None:
    """Tags that begin with aws: are AWS's own and no drift."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    ((_, made),) = world.accounts["333333333333"].roles.items()
    tagged = role(tags={**made.tags, "aws:cloudformation:stack-name": "x"})
    assert list(compare(declared, tagged(world))) == []
    (found,) = compare(declared, role(tags={**made.tags, "team": "x"})(world))
    assert found.rule == "role/tags"


EARLY, LATE = (datetime(2026, month, 1, tzinfo=UTC) for month in (8, 9))


@pytest.mark.parametrize(
    ("trusted", "made", "role_made", "rule"),
    [
        ("repo:acme@1/billing@6", EARLY, EARLY, "role/other_repository"),
        ("repo:acme@2/billing@7", EARLY, EARLY, "role/other_repository"),
        ("repo:acme/billing", LATE, EARLY, "role/other_repository"),
        ("repo:acme/billing", EARLY, LATE, "role/subject"),
        ("repo:acme/billing", EARLY, EARLY, "role/subject"),
        ("repo:acme/billing", None, None, "role/subject"),
    ],
)
def test_trust_in_another_repository_of_the_name_is_found(
    trusted: str, made: datetime | None, role_made: datetime | None, rule: str
) -> None:
    """A trusted name with another id, or older than its repository, is another repository."""
    declared = worlds.stack()
    world = worlds.with_repository(
        worlds.as_declared(declared), subject_prefix="repo:acme@1/billing@7", created=made
    )
    (found,) = [
        one
        for one in compare(
            declared,
            role(trust=trusting(subject(trusted, "prod")), created=role_made)(world),
        )
        if str(one.object).endswith("-prod")
    ]
    direction = "weaker" if rule == "role/other_repository" else "neutral"
    assert (found.rule, found.direction.value) == (rule, direction)
    wanted = subject("repo:acme@1/billing@7", "prod")
    assert (found.declared, found.live) == (wanted, subject(trusted, "prod"))
    assert (found.repository, found.repair) == ("billing", UP)


def test_an_older_subject_with_less_conditions_is_weaker() -> None:
    """An older subject with fewer conditions is a finding about trust as well."""
    declared = worlds.stack()
    world = worlds.with_repository(
        worlds.as_declared(declared), subject_prefix="repo:acme@1/billing@7"
    )
    old = trusting(subject(worlds.PREFIX, "prod"))
    (statement,) = old["Statement"]
    condition = statement["Condition"]["StringEquals"]
    wider = {k: v for k, v in condition.items() if not k.endswith(":aud")}
    document = {**old, "Statement": [{**statement, "Condition": {"StringEquals": wider}}]}
    rules = [found.rule for found in compare(declared, role(trust=document)(world))]
    assert rules == ["role/subject", "role/subject", "role/trust"]


@pytest.mark.parametrize(
    ("trusted", "prefix", "direction"),
    [
        ("repo:acme/billing", "repo:acme@1/invoices@7", "weaker"),
        ("repo:acme@1/billing@7", "repo:acme@1/invoices@7", "neutral"),
        ("repo:acme/billing", "repo:acme/invoices", "weaker"),
        ("repo:acme@1/billing@9", "repo:acme/invoices", "weaker"),
    ],
)
def test_a_former_name_without_ids_is_weaker(trusted: str, prefix: str, direction: str) -> None:
    """Trust in a former name without ids is weaker, since anyone may take that name."""
    declared = worlds.stack(repository="invoices", previously="billing")
    world = worlds.as_declared(worlds.stack())
    live = world.repositories["billing"]
    assert live is not None
    renamed = replace(live, subject_prefix=prefix, full_name="acme/invoices")
    ((_, made),) = world.accounts["333333333333"].roles.items()
    trust = trusting(subject(trusted, "prod"))
    roles = {"acme.invoices-prod": replace(made, name="acme.invoices-prod", trust=trust)}
    world = worlds.with_account(world, "333333333333", roles=roles)
    found = compare(declared, replace(world, repositories={"invoices": renamed}))
    (told,) = [one for one in found if one.rule == "role/subject"]
    assert told.direction.value == direction


@pytest.mark.parametrize("live", ["repo:acme/billing:*", "repo:acme/*"])
def test_one_subject_instead_of_a_pattern_is_stronger(live: str) -> None:
    """The repair of a pattern that includes the declared subject makes the trust stronger."""
    declared = worlds.stack()
    world = worlds.with_repository(
        worlds.as_declared(declared), subject_prefix="repo:acme@1/billing@7"
    )
    (found,) = [
        one
        for one in compare(declared, role(trust=like(live))(world))
        if "-prod" in str(one.object)
    ]
    assert (found.rule, found.direction.value, found.repaired.value) == (
        "role/trust",
        "weaker",
        "stronger",
    )
    wanted = subject("repo:acme@1/billing@7", "prod")
    assert found.declared == f"{wanted} alone, with the ids that GitHub sends"
    assert found.live == admitting("StringLike", live)


@pytest.mark.parametrize("live", ["repo:acme/other:*", "repo:acme/billing:environment:d*"])
def test_a_pattern_without_the_declared_subject_goes_both_ways(live: str) -> None:
    """The repair of a pattern that never included the declared subject goes both ways."""
    declared = worlds.stack()
    world = worlds.with_repository(
        worlds.as_declared(declared), subject_prefix="repo:acme@1/billing@7"
    )
    for pattern, changed in (
        (live, world),
        ("repo:acme/billing:*", worlds.with_repository(world, created=LATE)),
    ):
        trust = role(trust=like(pattern), created=EARLY)
        found = [one for one in compare(declared, trust(changed)) if one.rule == "role/trust"]
        assert [one.repaired.value for one in found] == ["weaker"]


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
