"""The environment variables that point plain `pulumi` at the sandbox and at nothing else."""

import os
from pathlib import Path
from typing import Final

from sandbox.aws import plugin_folder
from sandbox.home import Record, sandbox_home
from sandbox.seed import ADMIN_TOKEN

#: Variables of a user's shell that would lead a run out of the sandbox, or past its settings.
FOREIGN: Final = (
    "AWS_DEFAULT_PROFILE",
    "AWS_ENDPOINT_URL_IAM",
    "AWS_ENDPOINT_URL_SECRETS_MANAGER",
    "AWS_ENDPOINT_URL_SSM",
    "AWS_ENDPOINT_URL_STS",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "GITHUB_APP_ID",
    "GITHUB_ORGANIZATION",
    "GITHUB_OWNER",
    "PULUMI_ACCESS_TOKEN",
    "PULUMI_CONFIG_PASSPHRASE_FILE",
)


def sandbox_environment(record: Record, engine: Path) -> dict[str, str]:
    """What a run in the sandbox needs, by variable name.

    The passphrase and the credentials are as public as this file: they open nothing but the
    sandbox. State, plugins and settings are the sandbox's own, never the user's ~/.pulumi.
    """
    home = sandbox_home()
    path = os.environ.get("PATH", "")
    own = [str(plugin_folder()), str(engine)]
    rest = [part for part in path.split(os.pathsep) if part not in own]
    return {
        "PATH": os.pathsep.join([*own, *rest]),
        "PULUMI_HOME": str(home / "pulumi"),
        "PULUMI_BACKEND_URL": (home / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": "sandbox",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
        "GITHUB_BASE_URL": record.github_url,
        "GITHUB_TOKEN": ADMIN_TOKEN,
        "AWS_ENDPOINT_URL": record.aws_url,
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        # A profile may name endpoints of its own.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
