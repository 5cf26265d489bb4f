"""The environment variables that make plain `pulumi` use the sandbox only."""

import os
from importlib.metadata import version
from pathlib import Path
from typing import Final

from sandbox.aws.folder import plugin_folder
from sandbox.home import Record, sandbox_home
from sandbox.seed import ADMIN_TOKEN

#: Variables of a user's shell that would make a run leave the sandbox or override its settings.
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
    """The environment variables of a run in the sandbox.

    The passphrase and the credentials are public: they are valid in the sandbox only. State,
    plugins and settings are the sandbox's own, never those in the user's ~/.pulumi.
    """
    home = sandbox_home()
    _link_plugins(home / "pulumi", engine)
    rest = [part for part in os.environ.get("PATH", "").split(os.pathsep) if part != str(engine)]
    variables = {
        "PATH": os.pathsep.join([str(engine), *rest]),
        "PULUMI_HOME": str(home / "pulumi"),
        # With metadata the engine writes a second file and hashes the whole state at each write.
        "PULUMI_BACKEND_URL": f"{(home / 'state').as_uri()}?metadata=skip",
        "PULUMI_CONFIG_PASSPHRASE": "sandbox",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS": "true",
        # The GitHub provider sleeps a second after each variable and secret: run many in parallel.
        "PULUMI_PARALLEL": "32",
        "GITHUB_BASE_URL": record.github_url,
        "GITHUB_TOKEN": ADMIN_TOKEN,
        "AWS_ENDPOINT_URL": record.aws_url,
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        # A profile in the user's file may have its own endpoints.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    if (engine / "pulumi").resolve().with_name("pulumi-language-python").exists():
        # This CLI has its language host beside it and needs no plugin from PATH. The GitHub plugin
        # there would cause several warnings in each run.
        variables["PULUMI_IGNORE_AMBIENT_PLUGINS"] = "true"
    return variables


def _link_plugins(pulumi_home: Path, engine: Path) -> None:
    """Link both plugins where `pulumi plugin install` puts them, with the SDKs' versions."""
    # Link to the file itself: in a shell of the sandbox the engine folder's link may point here.
    github = (engine / "pulumi-resource-github").resolve()
    aws = plugin_folder() / "pulumi-resource-aws"
    for sdk, plugin in (("github", github), ("aws", aws)):
        folder = pulumi_home / "plugins" / f"resource-{sdk}-v{version(f'pulumi-{sdk}')}"
        link = folder / f"pulumi-resource-{sdk}"
        if link.is_symlink() and link.readlink() == plugin:
            continue
        folder.mkdir(parents=True, exist_ok=True)
        draft = link.with_name(f".{link.name}.{os.getpid()}")
        draft.unlink(missing_ok=True)
        draft.symlink_to(plugin)
        draft.replace(link)
