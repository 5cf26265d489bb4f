"""Findings about the trust of roles, and about what is no difference of a role."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from components.documents.subject import subject
from operations.diff.compare import compare
from operations.diff.finding import Repair
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
    assert (found.repository, found.repair) == ("billing", Repair.UP)


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


def test_several_patterns_are_shown_by_what_differs() -> None:
    """Elements that all statements have, such as the provider, are left out."""
    declared = worlds.stack()
    world = worlds.as_declared(declared, subject_prefix="repo:acme@1/billing@7")
    patterns = [like(one)["Statement"][0] for one in ("repo:acme/*", "repo:acme/billing:*")]
    (found,) = compare(declared, role(trust={"Statement": patterns})(world))
    assert found.live == "; ".join(
        admitting("StringLike", one) for one in ("repo:acme/*", "repo:acme/billing:*")
    )


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
