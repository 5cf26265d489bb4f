"""Make a stack in Pulumi's backend, with its secrets provider.

The backend comes from PULUMI_BACKEND_URL, from `--backend`, or from the user's `pulumi login`. The
login itself is never changed: other projects use it, too.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from components.config.problems import ConfigurationError, ExitCode, Problem
from operations.commands.init.kept_key import PASSPHRASE_PROVIDER, KeptKey
from operations.engine.errors import PulumiError
from operations.engine.own import pulumi_executable
from operations.engine.process import pulumi, pulumi_json
from operations.terminal.output import talk

VARIABLE: Final = "PULUMI_BACKEND_URL"
#: docs/backends.md says more of each.
BACKENDS: Final = (
    "s3://BUCKET, gs://BUCKET, azblob://CONTAINER, postgres://HOST/DATABASE, file://~ or "
    "https://api.pulumi.com"
)
#: The values that Pulumi's option takes (pulumi 3.256: stack new --help).
PROVIDERS: Final = (
    "default, passphrase, awskms://KEY?region=REGION, azurekeyvault://KEY, gcpkms://KEY or "
    "hashivault://KEY"
)
_PROVIDER: Final = re.compile(
    r"default|passphrase|(?:awskms|azurekeyvault|gcpkms|hashivault)://[!-~]+"
)
_URL: Final = re.compile(r"[a-z][a-z0-9+.-]*://[!-~]+")
PASSPHRASE: Final = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")
_THERE: Final = "already exists"
_LOGIN: Final = "PULUMI_ACCESS_TOKEN must be set"
Answer = Callable[[str, str, Callable[[str], str | None]], str]
"""Asks a question: its text, its default, and what is refused."""


@dataclass(frozen=True)
class Backend:
    """Where the state is, and what encrypts the values of secrets in it."""

    url: str
    secrets_provider: str
    to_export: str | None = None
    """The value of PULUMI_BACKEND_URL that later commands need, if the user's shell has none."""

    @property
    def by_passphrase(self) -> bool:
        """Whether commands need the passphrase."""
        return self.secrets_provider == PASSPHRASE_PROVIDER or (
            self.secrets_provider == "default" and not _is_cloud(self.url)
        )


def require_engine(make: Callable[[], None]) -> None:
    """Let `make` make slipway's own engine where there is no pulumi."""
    if pulumi_executable() is None:
        make()


def chosen(
    backend: str | None, provider: str | None, key: KeptKey | None, answer: Answer | None
) -> Backend:
    """The backend and the secrets provider; both can be used.

    Args:
        backend: as the option has it.
        provider: as the option has it.
        key: the key that the stack's file has already; its provider is taken without a question.
        answer: asks for a value that no option gives; None in a script.

    Raises:
        ConfigurationError: a value is wrong, the place of the state is given nowhere, the backend
            cannot be used, the provider is not the one of the key, or the passphrase is not set.
    """
    for option, value, refused in (
        ("--backend", backend, backend_refusal),
        ("--secrets-provider", provider, provider_refusal),
    ):
        if value is not None and (why := refused(value)):
            raise ConfigurationError([Problem(option, 0, "", why)])
    before = os.environ.get(VARIABLE)
    url = _backend_url(backend, answer)
    if key is not None:
        key.check(provider, cloud=_is_cloud(url))
        provider = key.provider
    if provider is None:
        provider = "default"
        if answer is not None and not _is_cloud(url):
            question = f"Secrets provider: {PROVIDERS}"
            provider = answer(question, PASSPHRASE_PROVIDER, provider_refusal)
    found = Backend(url, provider, None if before else os.environ.get(VARIABLE))
    if found.by_passphrase and not any(name in os.environ for name in PASSPHRASE):
        text = (
            f"is not set, nor is {PASSPHRASE[1]}: export a passphrase of your own, which every "
            "later command needs, or give another --secrets-provider"
        )
        raise ConfigurationError([Problem(PASSPHRASE[0], 0, "", text)])
    return found


def make_stack(stack: str, backend: Backend) -> bool:
    """Make the stack in the backend; False if it was there.

    Raises:
        PulumiError: it could not be made.
    """
    try:
        given = ("--secrets-provider", backend.secrets_provider)
        pulumi("stack", "init", stack, "--no-select", *given)
    except PulumiError as error:
        if _THERE not in error.output:
            raise
        return False
    return True


def backend_refusal(value: str) -> str | None:
    """Why a text is no backend; None if it is one."""
    return None if _URL.fullmatch(value) else f"{value!r} is no backend: write {BACKENDS}"


def provider_refusal(value: str) -> str | None:
    """Why a text is no secrets provider; None if it is one."""
    if _PROVIDER.fullmatch(value):
        return None
    return f"{value!r} is no secrets provider: write {PROVIDERS}"


def _is_cloud(url: str) -> bool:
    return url.startswith(("https://", "http://"))


def _backend_url(given: str | None, answer: Answer | None) -> str:
    variable = os.environ.get(VARIABLE)
    if given and variable and given != variable:
        text = f"is {variable}, and --backend says {given}: unset the variable, or leave one out"
        raise ConfigurationError([Problem(VARIABLE, 0, "", text)])
    if given:
        os.environ[VARIABLE] = given
    try:
        return _url()
    except PulumiError as error:
        if given or variable or _LOGIN not in error.output:
            raise
    if answer is None:
        text = f"is missing, and pulumi is not logged in: give {BACKENDS}"
        raise ConfigurationError([Problem("--backend", 0, "", text)])
    while True:
        os.environ[VARIABLE] = answer(f"Pulumi's backend: {BACKENDS}", "", backend_refusal)
        try:
            return _url()
        except PulumiError as error:
            talk(f"  {error.output.strip()}")


def _url() -> str:
    """The backend that pulumi uses."""
    found = pulumi_json("whoami", "--json")
    url = found.get("url") if isinstance(found, dict) else None
    if not isinstance(url, str):
        text = "does not say its backend: is it 3.256 or newer?"
        raise ConfigurationError([Problem("pulumi whoami --json", 0, "", text)], ExitCode.ERROR)
    return url
