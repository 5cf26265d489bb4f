"""The declared trust of a role: its statements, its claims, and its length."""

from typing import Any

import pytest

from components.documents.role_trust import PINNED, RoleTrust, role_trust, trust_of
from components.documents.trust import MAX_CHARACTERS, characters, policy, statement
from components.model.github_host import GitHubHost
from components.model.live import LiveRepository
from components.model.stack import StackSettings
from components.model.token_facts import TokenFacts, Unasked
from components.model.types import ENVIRONMENTS
from tests.components.documents.test_job_claims import FACTS, declared, prod

ISSUER = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::333333333333:oidc-provider/{ISSUER}"
ACCOUNT = {"account_id": "333333333333", "region": "eu-west-1"}
SETTINGS = StackSettings.model_validate(
    {"owner": "acme", "accounts": dict.fromkeys(ENVIRONMENTS, ACCOUNT)}
)
SUBJECT = "repo:acme/billing:environment:prod"
CLAIMS = {
    "repository_id": ("41",),
    "repository_owner_id": ("9",),
    "environment": ("prod",),
    "ref": ("refs/heads/main",),
    "job_workflow_ref": ("acme/billing/.github/workflows/python-prd.yml@refs/heads/main",),
}
PINNED_ALONE = {"claims": "pinned", "keep_subject_statement": False}


def trusting(trust: dict[str, Any], live: TokenFacts = FACTS, **changes: Any) -> RoleTrust:
    """The trust of prod's role."""
    return trust_of(SETTINGS, declared(**prod(trust=trust, **changes)), "prod", live)


def test_a_subject_alone_is_one_statement() -> None:
    """Without `pinned`, no further claim is compared, and none is left out."""
    found = trusting({})
    assert found.document == policy(statement(PROVIDER, (SUBJECT,)))
    assert (found.claims, found.left_out, found.too_long) == ({}, {}, "")
    assert found.subjects.values == (SUBJECT,)
    assert not found.declared.is_pinned
    assert found.declared.admits_subject_alone


@pytest.mark.parametrize("kept", [True, False])
def test_a_pinned_trust_compares_every_known_claim(*, kept: bool) -> None:
    """The pinned statement comes first; the one with the subject alone remains until it is cut."""
    found = trusting({"claims": "pinned", "keep_subject_statement": kept})
    pinned, plain = statement(PROVIDER, (SUBJECT,), CLAIMS), statement(PROVIDER, (SUBJECT,))
    assert found.document == (policy(pinned, plain) if kept else policy(pinned))
    assert (found.claims, found.left_out) == (CLAIMS, {})
    assert found.declared.admits_subject_alone is kept
    repository = declared(**prod(trust=PINNED_ALONE))
    assert role_trust(SETTINGS, repository, "prod", FACTS) == policy(pinned)


def test_a_claim_that_is_not_known_is_left_out_with_its_reason() -> None:
    """The others are compared: a wrong value would keep every job out."""
    found = trusting(PINNED_ALONE, Unasked(full_name="acme/billing"))
    not_asked = "GitHub was not asked"
    assert found.left_out == {"repository_id": not_asked, "repository_owner_id": not_asked}
    assert list(found.claims) == ["environment", "ref", "job_workflow_ref"]
    wild = trusting(PINNED_ALONE, deployment_tags=["v*"])
    assert list(wild.left_out) == ["ref", "job_workflow_ref"]
    assert wild.document == policy(
        statement(PROVIDER, (SUBJECT,), {key: CLAIMS[key] for key in list(CLAIMS)[:3]})
    )


def test_claims_that_aws_does_not_read_are_all_left_out() -> None:
    """Of an Enterprise Server's tokens AWS reads audience and subject alone."""
    server = GitHubHost(host="github.example.com")
    given = SETTINGS.model_dump(exclude_defaults=True)
    settings = StackSettings.model_validate(given | {"github": server})
    repository = declared(**prod(trust=PINNED_ALONE))
    found = trust_of(settings, repository, "prod", FACTS)
    why = f"AWS does not read it from {server.issuer}"
    assert found.left_out == dict.fromkeys(PINNED, why)
    assert found.claims == {}
    provider = PROVIDER.replace(ISSUER, server.issuer)
    assert found.document == policy(statement(provider, (SUBJECT,)))


def moving(next_name: str, live: LiveRepository = FACTS, **prod_changes: Any) -> RoleTrust:
    """The trust of prod's role before a planned move."""
    repository = declared(next_name=next_name, **prod(trust=PINNED_ALONE, **prod_changes))
    return trust_of(SETTINGS, repository, "prod", live)


def test_a_planned_move_is_admitted_with_ids_beforehand() -> None:
    """Each claim has its values before and after the move; what does not change has one."""
    found = moving("invoices")
    later = "repo:acme@9/invoices@41:environment:prod"
    assert found.subjects.values == (SUBJECT, later)
    file = ".github/workflows/python-prd.yml@refs/heads/main"
    assert found.claims == CLAIMS | {
        "job_workflow_ref": (f"acme/billing/{file}", f"acme/invoices/{file}")
    }
    assert found.document == policy(statement(PROVIDER, (SUBJECT, later), found.claims))
    transfer = moving("other@77/billing")
    assert transfer.subjects.values == (SUBJECT, "repo:other@77/billing@41:environment:prod")
    assert transfer.claims["repository_owner_id"] == ("9", "77")
    already = FACTS.model_copy(update={"subject_prefix": "repo:acme@9/invoices@41"})
    assert moving("invoices", already).subjects.values == (later,)


def test_a_planned_move_keeps_templates_and_reasons() -> None:
    """The later subjects follow the template as well; refs that are not known remain so."""
    live = FACTS.model_copy(update={"subject_claims": ("repo", "context", "ref")})
    assert moving("invoices", live).subjects.values == tuple(
        f"{one}:environment:prod:ref:refs/heads/main"
        for one in ("repo:acme/billing", "repo:acme@9/invoices@41")
    )
    wild = moving("invoices", deployment_tags=["v*"])
    why = "deployment_tags has the pattern 'v*', which is more than one name"
    assert wild.left_out == {"ref": why, "job_workflow_ref": why}


def with_length(length: int, **trust: Any) -> RoleTrust:
    """A trust whose policy has about this length, by the names of its branches."""
    count = length // 60
    branches = [f"{number:02}{'x' * 20}" for number in range(count)]
    return trusting(trust, deployment_branches=branches)


def said(trust: RoleTrust) -> list[str]:
    """The remedies that are told."""
    _, _, remedies = trust.too_long.partition(": declare ")
    return remedies.split(", or ") if remedies else []


def test_a_policy_that_is_too_long_tells_each_remedy_that_shortens_it() -> None:
    """A remedy that changes nothing is not told; IAM's quota itself is no excess."""
    kept, alone, claims, form, fewer = (
        "`trust.keep_subject_statement: false`",
        "fewer `deployment_branches` and `deployment_tags`",
        "`trust.claims: subject`",
        "`trust.subject: auto`",
        "fewer claims in the template of its subject",
    )
    assert said(with_length(3000, claims="pinned")) == [kept, alone, claims]
    assert said(with_length(3000, claims="pinned", subject="both")) == [kept, alone, form, claims]
    assert said(with_length(3000, **PINNED_ALONE)) == [alone, claims]
    assert said(with_length(3000)) == []
    template = ("repo", "context", *("workflow_ref", "job_workflow_ref", "ref") * 10)
    live = FACTS.model_copy(update={"subject_claims": template})
    assert said(trusting({}, live)) == [fewer]
    assert said(trusting({"subject": "both"}, live)) == [form]
    tags = [f"{number:02}{'x' * 20}" for number in range(30)]
    move = moving("invoices", deployment_tags=tags)
    assert said(move) == [alone, claims, "no `next_name`"]
    length = characters(trusting({}, live).document)
    assert trusting({}, live).too_long == (
        f"its trust policy has {length:,} characters and IAM's default quota is 2,048: declare "
        f"{fewer}"
    )


def test_the_quota_itself_is_no_excess() -> None:
    """IAM accepts a policy of exactly 2,048 characters, white space not counted."""

    def lengthened(more: int) -> RoleTrust:
        name = "n" * more
        live: LiveRepository = FACTS.model_copy(
            update={"full_name": f"acme/{name}", "subject_prefix": f"repo:acme/{name}"}
        )
        return trusting({}, live)

    rest = MAX_CHARACTERS - characters(lengthened(0).document)
    assert characters(lengthened(rest).document) == MAX_CHARACTERS == 2048
    assert lengthened(rest).too_long == ""
    assert lengthened(rest + 1).too_long.startswith("its trust policy has 2,049 characters")
    assert characters({"a": " b\t\n"}) == len('{"a":"b\\t\\n"}')
