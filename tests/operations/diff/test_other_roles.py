import json
from dataclasses import replace
from typing import Any

import pytest

from components.model.repository import Repository
from components.model.stack import Stack
from operations.diff.compare import compare
from operations.diff.finding import Finding
from operations.diff.iam.trust_analysis import lets_github_in, openings
from operations.diff.other_roles import other_role_findings
from operations.live.observed import Observed, ObservedRole
from tests.cost import cost
from tests.operations.diff import worlds
from tests.operations.diff.cases import WRITTEN, like, trusting

PROD, DEV = "333333333333", "111111111111"
ISSUER = "token.actions.githubusercontent.com"


def beside(world: Observed, trust: dict[str, Any], account: str = PROD, **changes: Any) -> Observed:
    """Add one more role to an account."""
    made = worlds.role(worlds.stack(), "prod")
    plain: dict[str, Any] = {"name": "ci", "arn": f"arn:aws:iam::{account}:role/ci", "tags": {}}
    role = replace(made, **(plain | {"trust": trust} | changes))
    roles = {**world.accounts[account].roles, role.name.lower(): role}
    return worlds.with_account(world, account, roles=roles)


def found(trust: dict[str, Any], declared: Stack | None = None, **changes: Any) -> list[Finding]:
    """Return the findings about a role with this trust."""
    declared = declared or worlds.stack()
    world = beside(worlds.as_declared(worlds.stack()), trust, **changes)
    return list(compare(declared, world, WRITTEN))


def where(operator: str = "StringEquals", **claims: str | list[str]) -> dict[str, Any]:
    """Return a trust policy with one operator."""
    trust: dict[str, Any] = json.loads(json.dumps(trusting("x")))
    keys = {f"{ISSUER}:{claim}": value for claim, value in claims.items()}
    trust["Statement"][0]["Condition"] = {operator: keys}
    return trust


@pytest.mark.parametrize(
    ("trust", "direction"),
    [
        (like("repo:acme/*"), "weaker"),
        (like("repo:acme/billing:*"), "weaker"),
        (like("*:environment:prod"), "weaker"),
        (like("repo:?cme/b*g:ref:refs/heads/main"), "weaker"),
        (trusting("repo:acme/billing:ref:refs/heads/main"), "weaker"),
        (trusting("repo:acme/billing:environment:dev"), "weaker"),
        (trusting("repo:acme/billing:environment:prod"), "neutral"),
        (trusting("repo:acme/other:ref:x", "repo:acme/billing:pull_request"), "weaker"),
        (where("StringEqualsIgnoreCase", sub="REPO:ACME/billing:pull_request"), "weaker"),
        (where("ForAnyValue:StringLikeIfExists", sub="repo:acme/*"), "weaker"),
        (where(job_workflow_ref="acme/shared/.github/workflows/a.yml@refs/heads/main"), "weaker"),
        (where(repository="acme/billing"), "weaker"),
        (where(repository_id="7"), "weaker"),
    ],
)
def test_a_role_that_the_repositorys_jobs_may_assume_is_a_finding(
    trust: dict[str, Any], direction: str
) -> None:
    """A role that the repository's jobs may assume is weaker; neutral for the declared job."""
    (finding,) = found(trust)
    assert (finding.repository, str(finding.object), finding.field) == (
        "billing",
        f"role ci of account {PROD}",
        "trust",
    )
    assert (finding.rule, finding.repair.value) == ("role/other_trust", "by hand")
    assert finding.direction.value == direction
    assert finding.declared == ""
    assert finding.live


@pytest.mark.parametrize(
    "trust",
    [
        trusting("repo:acme/other:environment:prod"),
        where(sub="repo:acme/*"),  # StringEquals takes a star literally
        trusting("repo:acme/billing-2:environment:prod"),
        like("repo:acme/billing-*"),
        like("repo:acme@1/billing@7:*"),  # GitHub sends no ids here
        like("REPO:acme/*"),
        where(sub="repo:acme/other:x", repository="acme/billing"),
        where(repository="acme/other"),
        where(repository_id="8"),
        where("StringLike", repository="other/*"),
    ],
)
def test_a_role_for_other_jobs_is_no_finding(trust: dict[str, Any]) -> None:
    """A role that no job of the repository can assume is no finding."""
    assert found(trust) == []


def changed(trust: dict[str, Any], **elements: Any) -> dict[str, Any]:
    """Return the trust with other elements of its statement."""
    (statement,) = trust["Statement"]
    return trust | {"Statement": [statement | elements]}


@pytest.mark.parametrize(
    ("elements", "told"),
    [
        ({"Principal": {"AWS": PROD}}, False),
        ({"Principal": {"Federated": f"arn:aws:iam::{PROD}:oidc-provider/gitlab.com"}}, False),
        ({"Principal": "*"}, True),
        ({"Action": "sts:TagSession"}, False),
        ({"Action": ["sts:TagSession", "sts:*"]}, True),
        ({"Effect": "Deny"}, False),
    ],
)
def test_only_statements_that_admit_github_count(elements: dict[str, Any], told: bool) -> None:  # noqa: FBT001 - a table
    """Only statements with GitHub's provider and sts:AssumeRoleWithWebIdentity count."""
    assert bool(found(changed(like("repo:acme/*"), **elements))) == told


@pytest.mark.parametrize(
    "changes",
    [
        {"tags": {"managed-by": "slipway"}},
        {"name": "acme.OLD-prod"},
        {"arn": f"arn:aws:iam::{PROD}:role/reader"},
    ],
)
def test_slipways_own_roles_are_no_finding(changes: dict[str, Any]) -> None:
    """Roles of other stacks, of former names and those that slipway assumes are no finding."""
    declared = worlds.stack(previously=["old"])
    accounts = declared.settings.accounts
    prod = accounts.prod.model_copy(update={"read_role": f"arn:aws:iam::{PROD}:role/reader"})
    settings = declared.settings.model_copy(
        update={"accounts": accounts.model_copy(update={"prod": prod})}
    )
    declared = declared.model_copy(update={"settings": settings})
    assert found(like("repo:acme/*"), declared, **changes) == []
    assert len(found(like("repo:acme/*"), declared)) == 1


def test_an_unmanaged_role_is_no_finding() -> None:
    """A role whose name matches an unmanaged pattern is no finding."""
    assert found(like("repo:acme/*"), worlds.stack(unmanaged={"roles": ["C*"]})) == []
    assert len(found(like("repo:acme/*"), worlds.stack(unmanaged={"roles": ["c"]}))) == 1


def several(count: int) -> tuple[Stack, Observed]:
    """Return that many repositories, and a world as declared except for their roles."""
    declared = worlds.stack()
    world = worlds.as_declared(declared)
    live = world.repositories["billing"]
    assert live is not None
    names = [f"r{number:03}" for number in range(count)]
    repositories = tuple(Repository.model_validate({"repository": name}) for name in names)
    lives = {
        name: replace(live, full_name=f"acme/{name}", subject_prefix=f"repo:acme/{name}", id=number)
        for number, name in enumerate(names)
    }
    return (
        declared.model_copy(update={"repositories": repositories}),
        replace(world, repositories=lives),
    )


def told(declared: Stack, world: Observed) -> list[Finding]:
    """Return the findings about other roles only."""
    return [
        one
        for _, account in declared.settings.distinct_accounts()
        if account.account_id in world.accounts
        for one in other_role_findings(declared, account, world)
    ]


def test_a_role_for_many_repositories_is_one_finding() -> None:
    """A role for jobs of many repositories is one finding that names three of them."""
    declared, world = several(5)
    (finding,) = told(declared, beside(world, like("repo:acme/*")))
    assert finding.repository == ""
    assert finding.live == "repo:acme/* (jobs of r000, r001, r002 and 2 more)"
    silent = Repository.model_validate({"repository": "r000", "unmanaged": {"roles": ["ci"]}})
    fewer = declared.model_copy(update={"repositories": (silent, *declared.repositories[1:])})
    (finding,) = told(fewer, beside(world, like("repo:acme/*")))
    assert finding.live == "repo:acme/* (jobs of r001, r002, r003 and 1 more)"


def test_each_account_is_looked_at() -> None:
    """Roles of every account are checked, except of an account out of reach."""
    declared = worlds.stack()
    world = beside(worlds.as_declared(declared), like("repo:acme/*"), DEV)
    (finding,) = told(declared, world)
    assert str(finding.object) == f"role ci of account {DEV}"
    hidden = {number: one for number, one in world.accounts.items() if number != DEV}
    unseen = replace(world, accounts=hidden, unseen={DEV: "refused"})
    assert list(compare(declared, unseen, WRITTEN)) == []


@pytest.mark.large
def test_a_full_account_is_looked_through_quickly() -> None:
    """5,000 roles, of which 500 trust GitHub, and 25 repositories take about half a second."""
    declared, world = several(25)
    made = worlds.role(worlds.stack(), "prod")
    other = changed(like("repo:acme/*"), Principal={"Service": "lambda.amazonaws.com"})
    roles: dict[str, ObservedRole] = {}
    for number in range(5000):
        trust = like(f"repo:other/{number}*:x") if number % 10 == 0 else other
        arn = f"arn:aws:iam::{PROD}:role/x{number}"
        role = replace(made, name=f"x{number}", arn=arn, trust=trust, tags={})
        roles[role.name] = role
    world = worlds.with_account(world, PROD, roles=roles)
    took, found = cost(lambda: told(declared, world))
    assert found == []
    assert took < 200


def test_another_github_is_no_opening() -> None:
    """On a server only roles that trust this server's issuer admit its jobs."""
    server = "github.example.com/_services/token"
    document = json.dumps(where(sub="repo:acme/billing:pull_request"))
    ours = json.loads(document.replace(ISSUER, server))
    assert openings(ours, server, "repo:acme/billing", "acme/billing", 7)
    assert openings(ours, ISSUER, "repo:acme/billing", "acme/billing", 7) == []
    assert openings(json.loads(document), server, "repo:acme/billing", "acme/billing", 7) == []
    assert lets_github_in(ours, server)
    assert not lets_github_in(ours, ISSUER)


@pytest.mark.parametrize(
    ("template", "subject", "direction"),
    [
        (("repository_id", "context"), "repository_id:7:environment:prod", "neutral"),
        (("repository_id", "context"), "repository_id:7:ref:refs/heads/x", "weaker"),
        (("repository_id", "context"), "repo:acme/billing:environment:prod", None),
        (("context", "repository"), "environment:prod:repository:acme/billing", "neutral"),
        (("repo", "context", "workflow"), "repo:acme/billing:pull_request:workflow:ci", "weaker"),
    ],
)
def test_subjects_of_a_followed_template_are_the_repositorys(
    template: tuple[str, ...], subject: str, direction: str | None
) -> None:
    """Another role that admits jobs by the template's subjects is found; by the default's, not."""
    declared = worlds.stack()
    world = beside(worlds.as_declared(declared, subject_claims=template), trusting(subject))
    told = [one.direction.value for one in compare(declared, world, WRITTEN)]
    assert told == ([direction] if direction else [])
