import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from operations.adoption.proposal.roles import EnvironmentPlace, RoleKey, existing_roles
from operations.diff.iam.trust_analysis import admits_subject, is_only_for, subjects_alone
from operations.live.observed import ObservedRepository, ObservedRole
from tests.operations.adoption import grown

PROD: EnvironmentPlace = ("ledger", "prod")
NOTHING: dict[RoleKey, EnvironmentPlace] = {}
EXACT = "repo:acme/ledger:environment:prod"
NAMING = grown.workflow(
    "on: push\njobs: {a: {environment: prod, steps: [{with: "
    "{role-to-assume: '${{ vars.DEPLOYER }}'}}]}}\n"
)


def found(
    live: ObservedRepository = grown.LEDGER,
    declared: Mapping[RoleKey, EnvironmentPlace] = NOTHING,
    **roles: ObservedRole,
) -> tuple[dict[EnvironmentPlace, str], dict[EnvironmentPlace, dict[str, str]]]:
    """Names of roles that are taken, and why others are not."""
    outcome = existing_roles(
        grown.SETTINGS,
        {"ledger": live},
        grown.accounts(**roles),
        declared,
    )
    left = {place: dict(why) for place, why in outcome.left.items()}
    return {place: role.name for place, role in outcome.taken.items()}, left


@pytest.mark.parametrize(
    "subject", [EXACT, "repo:acme/ledger:*", "repo:acme@1/ledger@2:environment:pro?"]
)
def test_the_one_role_that_trusts_the_environment_is_its_role(subject: str) -> None:
    """An exact subject or a pattern, with ids or without."""
    prefix = "repo:acme@1/ledger@2" if "@" in subject else "repo:acme/ledger"
    live = replace(grown.LEDGER, subject_prefix=prefix)
    made = grown.role("r", "prod", subject)
    assert found(live, prod=made) == ({PROD: "r"}, {})


@pytest.mark.parametrize(
    "subjects", [("repo:acme/*",), ("*",), (EXACT, "repo:acme/other:environment:prod")]
)
def test_a_role_that_others_use_is_left_to_them(subjects: tuple[str, ...]) -> None:
    """Narrowing its trust would lock them out."""
    made = grown.role("shared", "prod", *subjects)
    assert found(prod=made) == ({}, {PROD: {"shared": "trusts others as well"}})


def test_a_role_that_a_person_assumes_is_left() -> None:
    """A statement for anybody but GitHub's id-tokens counts as others."""
    made = grown.role("r", "prod", EXACT)
    human = {"Effect": "Allow", "Principal": {"AWS": "333333333333"}, "Action": "sts:AssumeRole"}
    both = replace(made, trust={"Statement": [*made.trust["Statement"], human]})
    assert found(prod=both)[0] == {}


def test_of_several_the_one_that_is_named_is_taken() -> None:
    """The variable AWS_ROLE_ARN, or what a workflow's role-to-assume comes to; else none."""
    first, second = grown.role("first", "prod", EXACT), grown.role("second", "prod", EXACT)
    roles = {"prod": first, "prod_too": second}
    assert found(grown.LEDGER, NOTHING, **roles) == (
        {},
        {PROD: {"first": "is one of several candidates", "second": "is one of several candidates"}},
    )
    variable = grown.with_prod(variables={"AWS_ROLE_ARN": second.arn})
    assert found(variable, NOTHING, **roles)[0] == {PROD: "second"}
    named = grown.with_prod(variables={"DEPLOYER": first.arn})
    workflow = replace(named, workflows={"main": {"deploy.yml": NAMING}})
    assert found(workflow, NOTHING, **roles)[0] == {PROD: "first"}


def test_a_role_of_several_environments_is_nobodys_unless_one_names_it() -> None:
    """All three in one account, and a role for all jobs of the repository."""
    made = grown.role("r", "prod", "repo:acme/ledger:*")
    one = {"account_id": "333333333333", "region": "eu-west-1"}
    raw = grown.RAW | {"accounts": dict.fromkeys(("dev", "test", "prod"), one)}
    settings = type(grown.SETTINGS).model_validate(raw)
    accounts = grown.accounts(prod=made)
    outcome = existing_roles(settings, {"ledger": grown.LEDGER}, accounts, {})
    assert outcome.taken == {}
    assert set(outcome.left[PROD].values()) == {"serves several environments"}
    live = grown.with_prod(variables={"AWS_ROLE_ARN": made.arn})
    assert existing_roles(settings, {"ledger": live}, accounts, {}).taken == {PROD: made}


def test_a_declared_role_is_taken_already() -> None:
    """Another repository's file names it."""
    made = grown.role("R", "prod", EXACT)
    other: dict[RoleKey, EnvironmentPlace] = {("333333333333", "r"): ("other", "prod")}
    assert found(declared=other, prod=made) == (
        {},
        {PROD: {"R": "is declared for another environment"}},
    )


def test_where_a_role_is_declared_others_are_named_and_none_is_taken() -> None:
    """Whoever adopts again is told the same of what stays; the declared role is not a matter."""
    own: dict[RoleKey, EnvironmentPlace] = {("333333333333", "own"): PROD}
    roles = {
        "prod": grown.role("own", "prod", EXACT),
        "prod_old": grown.role("old", "prod", EXACT),
        "prod_all": grown.role("everybody", "prod", "repo:acme/*"),
    }
    assert found(grown.LEDGER, own, **roles) == (
        {},
        {PROD: {"old": "is not the declared role", "everybody": "trusts others as well"}},
    )


def test_a_role_for_the_subject_of_before_is_named() -> None:
    """Nobody can assume it since subjects have ids; one that admits both is a candidate."""
    live = replace(grown.LEDGER, subject_prefix="repo:acme@1/ledger@2")
    before, both = (
        grown.role("before", "prod", EXACT),
        grown.role("both", "prod", EXACT, "repo:acme@1/ledger@2:environment:prod"),
    )
    told = {PROD: {"before": "trusts a subject that GitHub no longer sends"}}
    assert found(live, prod=before) == ({}, told)
    assert found(live, prod=before, prod_too=both) == ({PROD: "both"}, told)
    assert found(live, prod=grown.role("wide", "prod", "repo:acme/*")) == ({}, {})


def test_a_role_that_is_named_is_taken_whatever_subject_it_trusts() -> None:
    """Its trust is put right, so nothing of it is left as it is."""
    before = grown.role("before", "prod", EXACT)
    named = grown.with_prod(variables={"AWS_ROLE_ARN": before.arn})
    live = replace(named, subject_prefix="repo:acme@1/ledger@2")
    assert found(live, prod=before) == ({PROD: "before"}, {})


def test_another_provider_of_tokens_is_somebody_else() -> None:
    """Its subjects may look the same; `up` would take its statement away."""
    trust = grown.role("r", "prod", EXACT).trust
    assert is_only_for(trust, "acme/ledger")
    trust["Statement"][0]["Principal"]["Federated"] = "arn:aws:iam::1:oidc-provider/other"
    assert not is_only_for(trust, "acme/ledger")
    assert not admits_subject(trust, EXACT)


@pytest.mark.parametrize("others", [{"AWS": "arn:aws:iam::1:root"}, {"Federated": ["x"]}])
def test_github_beside_others_is_let_in_and_not_alone(others: dict[str, Any]) -> None:
    """Who else is a principal takes nothing from what GitHub's tokens may do."""
    trust = grown.role("r", "prod", EXACT).trust
    principal = trust["Statement"][0]["Principal"]
    arns = [principal["Federated"], *others.get("Federated", ())]
    trust["Statement"][0]["Principal"] = {**others, "Federated": arns}
    assert admits_subject(trust, EXACT)
    assert not is_only_for(trust, "acme/ledger")


def test_trust_without_a_subject_admits_everybody() -> None:
    """As AWS had it before it refused such policies."""
    trust = grown.role("r", "prod", EXACT).trust
    del trust["Statement"][0]["Condition"]["StringLike"]
    assert admits_subject(trust, EXACT)
    assert not is_only_for(trust, "acme/ledger")


def test_two_policies_are_told_by_their_subjects_where_that_is_all() -> None:
    """Whatever else is different is never left out."""
    wide, narrow = (
        json.dumps(grown.role("r", "prod", one).trust["Statement"][0])
        for one in ("repo:acme/ledger:*", EXACT)
    )
    assert subjects_alone(wide, narrow) == ("repo:acme/ledger:*", EXACT)
    other = narrow.replace("sts.amazonaws.com", "elsewhere")
    assert subjects_alone(wide, other) == (wide, other)
    assert subjects_alone("any branch", "main") == ("any branch", "main")
    assert subjects_alone("30", "0") == ("30", "0")
