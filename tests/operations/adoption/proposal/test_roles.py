import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from components.model.github_host import GITHUB_COM_ISSUER, GitHubHost
from components.model.stack import StackSettings
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
    """Return the names of the roles that are taken, and why others are not."""
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
    """The only role that trusts an environment is its role, whichever form its subject has."""
    prefix = "repo:acme@1/ledger@2" if "@" in subject else "repo:acme/ledger"
    live = replace(grown.LEDGER, subject_prefix=prefix)
    made = grown.role("r", "prod", subject)
    assert found(live, prod=made) == ({PROD: "r"}, {})


@pytest.mark.parametrize(
    "subjects", [("repo:acme/*",), ("*",), (EXACT, "repo:acme/other:environment:prod")]
)
def test_a_role_that_others_use_is_not_taken(subjects: tuple[str, ...]) -> None:
    """Adoption leaves a role that other repositories use: a narrower trust would break them."""
    made = grown.role("shared", "prod", *subjects)
    assert found(prod=made) == ({}, {PROD: {"shared": "trusts others as well"}})


def test_a_role_that_another_principal_assumes_is_not_taken() -> None:
    """Adoption leaves a role that a principal other than GitHub's id-tokens may assume."""
    made = grown.role("r", "prod", EXACT)
    human = {"Effect": "Allow", "Principal": {"AWS": "333333333333"}, "Action": "sts:AssumeRole"}
    both = replace(made, trust={"Statement": [*made.trust["Statement"], human]})
    assert found(prod=both)[0] == {}


def test_a_role_is_found_by_the_issuer_of_the_stacks_github() -> None:
    """On a server, adoption takes a role that trusts the server's tokens, not github.com's."""
    server = GitHubHost(host="github.example.com")
    settings = StackSettings.model_validate(
        grown.SETTINGS.model_dump(exclude_defaults=True) | {"github": server}
    )
    made = grown.role("r", "prod", EXACT)
    text = json.dumps(made.trust).replace(GITHUB_COM_ISSUER, server.issuer)
    ours = replace(made, trust=json.loads(text))
    live = {"ledger": grown.LEDGER}
    assert existing_roles(settings, live, grown.accounts(prod=made), NOTHING).taken == {}
    taken = existing_roles(settings, live, grown.accounts(prod=ours), NOTHING).taken
    assert taken == {PROD: ours}


def test_the_named_role_of_several_is_taken() -> None:
    """Of several roles, adoption takes the one that AWS_ROLE_ARN or a workflow names, or none."""
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


def test_a_role_of_several_environments_is_left_unless_one_names_it() -> None:
    """Adoption takes a role that serves several environments only if one environment names it."""
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


def test_a_role_declared_by_another_repository_is_not_taken() -> None:
    """Adoption does not take a role that another repository declares."""
    made = grown.role("R", "prod", EXACT)
    other: dict[RoleKey, EnvironmentPlace] = {("333333333333", "r"): ("other", "prod")}
    assert found(declared=other, prod=made) == (
        {},
        {PROD: {"R": "is declared for another environment"}},
    )


def test_a_declared_role_excludes_all_others() -> None:
    """If a role is declared, adoption takes no other role and reports why others stay."""
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


def test_a_role_for_the_former_subject_is_reported_and_not_taken() -> None:
    """Adoption reports a role whose only subject has the form without ids, and does not take it."""
    live = replace(grown.LEDGER, subject_prefix="repo:acme@1/ledger@2")
    before, both = (
        grown.role("before", "prod", EXACT),
        grown.role("both", "prod", EXACT, "repo:acme@1/ledger@2:environment:prod"),
    )
    told = {PROD: {"before": "trusts a subject that GitHub no longer sends"}}
    assert found(live, prod=before) == ({}, told)
    assert found(live, prod=before, prod_too=both) == ({PROD: "both"}, told)
    assert found(live, prod=grown.role("wide", "prod", "repo:acme/*")) == ({}, {})


def test_a_named_role_is_taken_with_any_subject() -> None:
    """Adoption takes a role that is named by the environment, and `up` corrects its trust."""
    before = grown.role("before", "prod", EXACT)
    named = grown.with_prod(variables={"AWS_ROLE_ARN": before.arn})
    live = replace(named, subject_prefix="repo:acme@1/ledger@2")
    assert found(live, prod=before) == ({PROD: "before"}, {})


def test_a_statement_for_another_provider_does_not_count() -> None:
    """A statement for another OIDC provider does not admit GitHub, even with equal subjects."""
    trust = grown.role("r", "prod", EXACT).trust
    assert is_only_for(trust, GITHUB_COM_ISSUER, "acme/ledger")
    trust["Statement"][0]["Principal"]["Federated"] = "arn:aws:iam::1:oidc-provider/other"
    assert not is_only_for(trust, GITHUB_COM_ISSUER, "acme/ledger")
    assert not admits_subject(trust, GITHUB_COM_ISSUER, EXACT)


@pytest.mark.parametrize("others", [{"AWS": "arn:aws:iam::1:root"}, {"Federated": ["x"]}])
def test_github_beside_other_principals_is_admitted(others: dict[str, Any]) -> None:
    """A statement with other principals beside GitHub's provider still admits GitHub's tokens."""
    trust = grown.role("r", "prod", EXACT).trust
    principal = trust["Statement"][0]["Principal"]
    arns = [principal["Federated"], *others.get("Federated", ())]
    trust["Statement"][0]["Principal"] = {**others, "Federated": arns}
    assert admits_subject(trust, GITHUB_COM_ISSUER, EXACT)
    assert not is_only_for(trust, GITHUB_COM_ISSUER, "acme/ledger")


def test_trust_without_a_subject_admits_every_subject() -> None:
    """A trust policy without a condition on the subject admits every subject."""
    trust = grown.role("r", "prod", EXACT).trust
    del trust["Statement"][0]["Condition"]["StringLike"]
    assert admits_subject(trust, GITHUB_COM_ISSUER, EXACT)
    assert not is_only_for(trust, GITHUB_COM_ISSUER, "acme/ledger")


def test_policies_that_differ_only_in_subjects_are_shown_by_them() -> None:
    """Two statements are shown by their subjects alone only if all other elements are equal."""
    wide, narrow = (
        json.dumps(grown.role("r", "prod", one).trust["Statement"][0])
        for one in ("repo:acme/ledger:*", EXACT)
    )
    assert subjects_alone(wide, narrow) == ("repo:acme/ledger:*", EXACT)
    other = narrow.replace("sts.amazonaws.com", "elsewhere")
    assert subjects_alone(wide, other) == (wide, other)
    assert subjects_alone("any branch", "main") == ("any branch", "main")
    assert subjects_alone("30", "0") == ("30", "0")
