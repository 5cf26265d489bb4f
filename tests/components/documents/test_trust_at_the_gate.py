"""The sandbox's STS judges trust policies of every partition and every GitHub."""

import json
import time
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto.iam.models import iam_backends

from components.documents.role_trust import role_trust, trust_of
from components.model.aws_partitions import partitions
from components.model.live import LiveRepository
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.model.types import ENVIRONMENTS, EnvironmentName
from sandbox.aws.partitions import add_partitions
from sandbox.aws.policy_documents import check_trust_policy
from sandbox.aws.refusal import RefusedError
from sandbox.aws.web_identity import assume_role
from sandbox.github.site import Site
from sandbox.tokens import Issuer

ACCOUNT = "800000000001"
BARE = Repository(repository="billing")
PREFIXES = ("repo:acme/billing", "repo:acme@9/billing@41")
OTHERS = ("repo:acme/billing2", "repo:acme@9/billing@42", "repo:acme2/billing")
#: Making its key takes as long as importing twenty files, and other workers do not need it.
issuer = cache(Issuer)

labels = st.from_regex(r"[a-z][a-z0-9]{0,9}", fullmatch=True)
#: Values of `github` by form, for a random name.
FORMS: dict[str, Callable[[str], dict[str, str]]] = {
    "github.com": lambda _name: {"host": "github.com"},
    "github.com, enterprise's issuer": lambda name: {"issuer_enterprise_slug": name},
    "ghe.com": lambda name: {"host": f"{name}.ghe.com"},
    "ghe.com, enterprise's issuer": lambda name: {
        "host": f"{name}.ghe.com",
        "issuer_enterprise_slug": name,
    },
    "server": lambda name: {"host": f"{name}.example.com"},
}


@pytest.fixture(autouse=True, scope="module")
def _accounts() -> Iterator[None]:
    """Forget the accounts of this module."""
    add_partitions()
    yield
    iam_backends.pop(ACCOUNT, None)


def claims(site: Site, audience: str, subject: str) -> dict[str, str | int]:
    """Return those claims of a job's token that AWS reads."""
    now = int(time.time())
    return {"iss": site.issuer, "aud": audience, "sub": subject, "iat": now, "exp": now + 60}


def outcome(role: str, given: dict[str, str | int]) -> str:
    """Return STS's error code, or `admitted`; STS can reach the token's issuer."""
    token = {"RoleArn": role, "RoleSessionName": "test", "WebIdentityToken": issuer().sign(given)}
    try:
        assume_role(token, {str(given["iss"]): issuer().jwks})
    except RefusedError as refused:
        return refused.code
    return "admitted"


def facts(prefix: str) -> LiveRepository:
    """GitHub's facts about a repository with this prefix of its subjects."""
    return LiveRepository(
        id=41,
        owner_id=9,
        full_name="acme/billing",
        html_url="https://github.com/acme/billing",
        default_branch="main",
        subject_prefix=prefix,
        visibility="private",
    )


def provisioned(
    declared: StackSettings,
    name: EnvironmentName,
    prefix: str,
    repository: Repository = BARE,
) -> str:
    """Create provider and role in an empty account, as the program does; return the role's ARN."""
    account = declared.account(name)
    iam = iam_backends[ACCOUNT][account.partition]
    iam.open_id_providers.clear()
    iam.roles.clear()
    url = f"https://{account.issuer}"
    provider = iam.create_open_id_connect_provider(url, [], [account.audience], [])
    assert provider.arn == account.oidc_provider_arn
    document = json.dumps(role_trust(declared, repository, name, facts(prefix)))
    check_trust_policy(document)
    role: str = iam.create_role("service", document, "/slipway/", None, "", [], "3600").arn
    return role


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("partition", sorted(partitions()))
@settings(max_examples=4)
@given(label=labels, prefix=st.sampled_from(PREFIXES), data=st.data())
def test_only_the_rightful_token_opens_a_role(
    partition: str, form: str, label: str, prefix: str, data: st.DataObject
) -> None:
    """In every partition and for every GitHub, a role admits exactly one token.

    A token that differs in issuer, audience, repository or environment is refused.
    """
    github = FORMS[form](label)
    site, (name, other) = Site(**github), data.draw(st.permutations(ENVIRONMENTS))[:2]
    region = data.draw(st.sampled_from(sorted(partitions()[partition].regions)))
    account = {"account_id": ACCOUNT, "region": region}
    accounts = dict.fromkeys(ENVIRONMENTS, account)
    declared = StackSettings.model_validate(
        {"owner": "acme", "github": github, "accounts": accounts}
    )
    role, audience = provisioned(declared, name, prefix), declared.account(name).audience
    assert role == f"arn:{partition}:iam::{ACCOUNT}:role/slipway/service"

    subject = f"{prefix}:environment:{name}"
    assert outcome(role, claims(site, audience, subject)) == "admitted"
    elsewhere = next(one for one in (Site(), Site("a.example.org")) if one.issuer != site.issuer)
    assert outcome(role, claims(elsewhere, audience, subject)) == "InvalidIdentityToken"
    assert outcome(role, claims(site, f"{audience}.x", subject)) == "InvalidIdentityToken"
    for wrong in (
        f"{data.draw(st.sampled_from(OTHERS))}:environment:{name}",
        f"{prefix}:environment:{other}",
        f"{prefix}:ref:refs/heads/main",
    ):
        assert outcome(role, claims(site, audience, wrong)) == "AccessDenied"


@pytest.mark.parametrize("form", FORMS)
def test_further_claims_count_where_aws_reads_them(form: str) -> None:
    """On github.com and ghe.com a pinned role compares them; elsewhere they are left out, and said.

    A role that compared a claim which AWS does not read would admit no job.
    """
    github = FORMS[form]("acme")
    account = {"account_id": ACCOUNT, "region": "eu-west-1"}
    accounts = dict.fromkeys(ENVIRONMENTS, account)
    declared = StackSettings.model_validate(
        {"owner": "acme", "github": github, "accounts": accounts}
    )
    trust = {"claims": "pinned", "keep_subject_statement": False}
    pinned = Repository.model_validate(
        {"repository": "billing", "environments": {"dev": {"trust": trust}}}
    )
    role, site = provisioned(declared, "dev", PREFIXES[0], pinned), Site(**github)
    own: dict[str, str | int] = {
        "repository_id": "41",
        "repository_owner_id": "9",
        "environment": "dev",
        "ref": "refs/heads/develop",
        "job_workflow_ref": "acme/billing/.github/workflows/python-dev.yml@refs/heads/develop",
    }
    token = claims(site, "sts.amazonaws.com", f"{PREFIXES[0]}:environment:dev")
    read = form in ("github.com", "github.com, enterprise's issuer", "ghe.com")
    assert declared.github.claims_are_evaluated is read
    assert outcome(role, token | own) == "admitted"
    for claim in own:
        expected = "AccessDenied" if read else "admitted"
        assert outcome(role, token | own | {claim: "other"}) == expected
    left_out = trust_of(declared, pinned, "dev", facts(PREFIXES[0])).left_out
    assert left_out.keys() == (set() if read else own.keys())
