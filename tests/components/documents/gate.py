"""Real id-tokens of the sandbox's GitHub, and roles with slipway's policies in its AWS, in memory.

The tokens are those of the rendered workflow files: the sandbox reads the job, and does not know
what slipway expects of its claims.
"""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from moto.iam.models import iam_backends

from components.documents.role_trust import role_trust
from components.documents.workflows import FILES, render_workflows, workflow_branches
from components.model.live import LiveRepository
from components.model.pipeline import Pipeline
from components.model.repository import Repository
from components.model.stack import StackSettings
from components.model.types import ENVIRONMENTS, EnvironmentName
from sandbox.aws.partitions import add_partitions
from sandbox.aws.policy_documents import check_trust_policy
from sandbox.aws.refusal import RefusedError
from sandbox.aws.web_identity import assume_role
from sandbox.github import Store
from sandbox.github.planting import plant
from sandbox.github.seed import Seed
from sandbox.tokens import Issuer
from sandbox.tokens.claims import claims
from sandbox.tokens.runs import RunBody, Runs
from sandbox.tokens.workflow_file import read_job

ACCOUNT = "800000000002"
AUDIENCE = "sts.amazonaws.com"
SETTINGS = StackSettings.model_validate(
    {
        "owner": "acme",
        "accounts": {name: {"account_id": ACCOUNT, "region": "eu-west-1"} for name in ENVIRONMENTS},
    }
)
Claims = dict[str, Any]
#: Making its key takes as long as importing twenty files, and other workers do not need it.
issuer = cache(Issuer)


def declared(trust: Mapping[str, Any] | None = None, **changes: Any) -> Repository:
    """A declaration with this trust in every environment."""
    environments: dict[str, Any] = changes.pop("environments", {})
    each = {
        name: {**({"trust": trust} if trust else {}), **environments.get(name, {})}
        for name in ENVIRONMENTS
    }
    return Repository.model_validate({"repository": "billing", "environments": each} | changes)


@dataclass
class Hub:
    """A GitHub with one repository that has slipway's files and environments."""

    repository: Repository
    default_branch: str = "main"
    immutable: bool = False
    template: tuple[str, ...] = ()
    organisation_template: tuple[str, ...] = ()
    owner: str = "acme"
    number: int = 41
    store: Store = field(default_factory=Store)
    there: Any = field(init=False)

    def __post_init__(self) -> None:
        """Plant the repository."""
        plant(self.store, Seed.model_validate(self._seed()))
        there = self.store.repository(self.owner, self.repository.name)
        assert there is not None
        self.there = there
        owner = self.store.organization(self.owner)
        assert owner is not None
        if self.organisation_template:
            owner.include_claim_keys = self.organisation_template

    @property
    def facts(self) -> LiveRepository:
        """What GitHub's API tells about the repository now."""
        there = self.there
        template = self.template or self.organisation_template
        return LiveRepository(
            id=there.id,
            owner_id=there.owner.id,
            full_name=there.full_name,
            html_url=f"https://github.com/{there.full_name}",
            default_branch=self.default_branch,
            subject_prefix=self.store.subject_prefix(there),
            subject_claims=template,
            visibility=there.visibility,
        )

    def opt_in(self) -> None:
        """Let the repository's subjects have ids from now on."""
        there = self.there
        there.subject.use_immutable_subject = True

    def move(self, owner: str, name: str) -> None:
        """Rename or transfer the repository."""
        account = self.store.account(owner)
        assert account is not None
        self.store.move_repository(self.there, account, name)

    def tokens(self, environment: EnvironmentName) -> Iterator[Claims]:
        """Claims of each job that may deploy to the environment: all events and refs."""
        for ref in self._branches(environment):
            trigger = self.repository.trigger_branch(environment)
            if environment == "prod" and ref == self.default_branch:
                yield self.token(environment, "workflow_run", ref)
            elif environment != "prod" and ref == trigger:
                yield self.token(environment, "push", ref)
            if self.repository.deploy.manual:
                yield self.token(environment, "workflow_dispatch", ref)

    def token(self, environment: EnvironmentName, event: str, branch: str) -> Claims:
        """Claims of the deployment's job in a run of its workflow file."""
        ref = f"refs/heads/{branch}"
        there = self.there
        path = f".github/workflows/{FILES[environment]}"
        body = RunBody.model_validate(
            {
                "repository": there.full_name,
                "event": event,
                "workflow": path,
                "actor": "octocat",
                "ref": ref,
                "sha": there.git.ref(ref),
            }
        )
        run = Runs().register(self.store, body)
        job = read_job(path, run.file(), f"deploy-{environment}")
        run.check_runs[job.id] = self.store.next_id()
        return dict(claims(self.store, run, job, AUDIENCE, int(time.time())))

    def _branches(self, environment: EnvironmentName) -> list[str]:
        """The branches that may deploy; of a pattern, the one that triggers the deployment."""
        trigger = self.repository.trigger_branch(environment)
        patterns = self.repository.deployment_branches(environment)
        return [trigger if "*" in pattern else pattern for pattern in patterns]

    def _seed(self) -> dict[str, Any]:
        files = render_workflows(self.repository.name, Pipeline.of(self.repository, None))
        placed: dict[str, dict[str, str]] = {self.default_branch: {"README.md": "x"}}
        for file, branches in workflow_branches(self.repository, self.default_branch).items():
            for branch in branches:
                placed.setdefault(branch, {})[f".github/workflows/{file}"] = files[file]
        environments = []
        for name in ENVIRONMENTS:
            patterns = self.repository.deployment_branches(name)
            environments.append({"name": name, "branches": patterns})
            for branch in self._branches(name):
                path = f".github/workflows/{FILES[name]}"
                placed.setdefault(branch, {})[path] = files[FILES[name]]
        oidc: dict[str, Any] = {"use_immutable_subject": self.immutable}
        oidc["use_default"] = not (self.template or self.organisation_template)
        oidc["include_claim_keys"] = list(self.template)
        repository = {
            "owner": self.owner,
            "name": self.repository.name,
            "id": self.number,
            "created_at": "2025-01-01T00:00:00Z",
            "default_branch": self.default_branch,
            "files": placed.pop(self.default_branch),
            "branches": placed,
            "environments": environments,
            "oidc": oidc,
        }
        return {
            "users": [{"login": "octocat", "id": 12}],
            "organizations": [
                {"login": login, "id": number, "members": ["octocat"]}
                for login, number in ((self.owner, 9), ("initech", 77))
            ],
            "repositories": [repository],
        }


def clear(*accounts: str) -> None:
    """Forget these accounts, or the one of `SETTINGS`."""
    add_partitions()
    for account in accounts or (ACCOUNT,):
        iam_backends.pop(account, None)


def provision(
    hub: Hub,
    environment: EnvironmentName,
    repository: Repository | None = None,
    settings: StackSettings = SETTINGS,
) -> str:
    """Make a role with the declared trust, which IAM must accept; return its ARN."""
    iam = iam_backends[settings.account(environment).account_id]["aws"]
    if not iam.open_id_providers:
        iam.create_open_id_connect_provider(f"https://{_issuer()}", [], [AUDIENCE], [])
    trust = role_trust(settings, repository or hub.repository, environment, hub.facts)
    document = json.dumps(trust)
    check_trust_policy(document)
    name = f"{hub.owner}.{hub.repository.name}-{environment}-{len(iam.roles)}"
    arn: str = iam.create_role(name, document, "/slipway/", None, "", [], "3600").arn
    return arn


def outcome(role: str, given: Claims, signer: Issuer | None = None) -> str:
    """STS's error code for a token with these claims, or `admitted`."""
    token = (signer or issuer()).sign(given)
    request = {"RoleArn": role, "RoleSessionName": "test", "WebIdentityToken": token}
    try:
        assume_role(request, {f"https://{_issuer()}": issuer().jwks})
    except RefusedError as refused:
        return refused.code
    return "admitted"


def _issuer() -> str:
    return SETTINGS.github.issuer
