import pulumi

from components.model.live import Live, LiveRepository
from components.model.repository import Repository
from components.model.stack import Stack, StackSettings
from components.resources.onboarded_stack import onboarded
from components.resources.providers import aws_providers, github_provider
from tests.components.resources.conftest import Provision

SETTINGS = StackSettings.model_validate(
    {
        "owner": "acme",
        "accounts": {
            name: {"account_id": "111111111111", "region": "eu-west-1"}
            for name in ("dev", "test", "prod")
        },
    }
)
NAMES = ("billing", "payments")
STACK = Stack(
    name="s",
    settings=SETTINGS,
    repositories=tuple(Repository.model_validate({"repository": name}) for name in NAMES),
)
LIVE = Live(
    users={},
    teams={},
    repositories={
        name: LiveRepository(
            id=number,
            full_name=f"acme/{name}",
            html_url=f"https://github.com/acme/{name}",
            default_branch="main",
            subject_prefix=f"repo:acme/{name}",
            visibility="private",
        )
        for number, name in enumerate(NAMES)
    },
)


def test_every_repository_is_a_component_and_shares_what_is_the_accounts(
    provision: Provision,
) -> None:
    """Each repository is a component with a summary; an account has one OIDC provider."""
    summaries: dict[str, object] = {}

    def program() -> None:
        github = pulumi.ResourceOptions(providers=[github_provider(SETTINGS)])
        summaries.update(onboarded(STACK, LIVE, {}, aws_providers(SETTINGS), github, delete=print))

    recorder = provision(program)
    assert tuple(summaries) == NAMES
    assert set(recorder.of("slipway:index:OnboardedRepository")) == set(NAMES)
    assert len(recorder.of("aws:iam/openIdConnectProvider:OpenIdConnectProvider")) == 1
    assert len(recorder.of("aws:iam/role:Role")) == len(NAMES) * 3
