"""The jobs that deploy: their real id-tokens from the sandbox's GitHub, and its STS."""

from dataclasses import dataclass
from typing import Any

import boto3
import requests
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from tests.e2e.conftest import World

AUDIENCE = "sts.amazonaws.com"


@dataclass(frozen=True)
class DeployJob:
    """A job of an onboarded repository."""

    repository: str
    environment: str
    branch: str
    event: str = "push"
    other_file: str = ""
    """Path of another workflow file that has the same job; empty for slipway's own."""
    owner: str = "acme"

    @property
    def workflow(self) -> str:
        """The path of its workflow file."""
        if self.other_file:
            return self.other_file
        name = "prd" if self.environment == "prod" else self.environment
        return f".github/workflows/python-{name}.yml"

    def run(self, world: World) -> dict[str, Any]:
        """Register a run of its workflow on the branch's last commit."""
        place = f"repos/{self.owner}/{self.repository}/git/ref/heads/{self.branch}"
        body = {
            "repository": f"{self.owner}/{self.repository}",
            "event": self.event,
            "ref": f"refs/heads/{self.branch}",
            "sha": world.github("GET", place)["object"]["sha"],
            "workflow": self.workflow,
            "actor": "octocat",
        }
        begun: dict[str, Any] = world.control("POST", "runs", body)
        return begun

    def token(self, world: World, audience: str = AUDIENCE) -> str:
        """The id-token of the job, in a run of its own; empty if GitHub gives none."""
        try:
            begun = self.run(world)
        except AssertionError:
            return ""  # GitHub could not start the run
        asked = f"{begun['request_url']}&job=deploy-{self.environment}&audience={audience}"
        bearer = {"Authorization": f"bearer {begun['request_token']}"}
        answer = requests.get(asked, headers=bearer, timeout=30)
        return str(answer.json()["value"]) if answer.ok else ""


def assumed(world: World, token: str, role: str) -> str:
    """STS's answer to a job with this token: the session's ARN, or the code of the refusal."""
    if not token:
        return "no token"
    config = Config(signature_version=UNSIGNED)
    sts = boto3.client(
        "sts", endpoint_url=world.record.aws_url, region_name="eu-west-1", config=config
    )
    try:
        answer = sts.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="GitHubActions", WebIdentityToken=token
        )
        return str(answer["AssumedRoleUser"]["Arn"])
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    finally:
        sts.close()
