"""The address of GitHub, GITHUB_BASE_URL or github.com, for program, provider and slipway.

Roles trust the issuer of github.com, so the only other accepted GitHub is the sandbox, on this
machine. The owner comes from `_stack.yaml` only, and the token from GITHUB_TOKEN only: a stack's
configuration with another one is refused.
"""

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from components.config.problems import ConfigurationError, Problem
from components.config.yaml_files import read_document

_PUBLIC_HOSTS: Final = {"github.com", "api.github.com", "www.github.com"}
_PUBLIC: Final = "https://api.github.com/"
_VARIABLE: Final = "GITHUB_BASE_URL"
_KEY: Final = "github:baseUrl"
_OWNER_KEY: Final = "github:owner"
#: Credentials come from the environment only, so that no file and no state contains one.
_UNREAD: Final = {
    "github:token": "is not read: export it as GITHUB_TOKEN, and remove it",
    "github:appAuth": "is not read: export an installation's token as GITHUB_TOKEN, and remove it",
}
_OTHER: Final = "is another GitHub than GITHUB_BASE_URL says: remove it, and set that variable"


def rest_url(base_url: str | None) -> str:
    """The REST root for a base URL, by the provider's own rule.

    github.com is `https://api.github.com/`; any other host is taken for an Enterprise Server, with
    its REST root under `/api/v3/`.

    Raises:
        ConfigurationError: the URL is no address, would send the token in clear, holds a user or
            password, or is of a GitHub whose id-tokens the roles do not trust.
    """
    try:
        parts = urlsplit(base_url or _PUBLIC)
        host, secret = parts.hostname, "@" in (base_url or "")
        # Reading the port raises a ValueError if it is wrong.
        _ = parts.port
    except ValueError:
        raise _refused("is no address: give scheme and host, or unset it for github.com") from None
    if secret:
        # Do not show the URL: the text before the @ may be a token.
        raise _refused("has a user or password in it: leave it out, the token is in GITHUB_TOKEN")
    if parts.scheme not in {"http", "https"} or not host:
        text = f"{base_url!r} is no address: give scheme and host, or unset it for github.com"
        raise _refused(text)
    if parts.scheme == "http" and not _is_loopback(host):
        raise _refused(f"{base_url!r} would send the token in clear: use https://")
    if host in _PUBLIC_HOSTS:
        return _PUBLIC
    if not _is_loopback(host):
        text = (
            f"{base_url!r} is not github.com: ghe.com and Enterprise Server have issuers of their "
            "own, which no role would trust; they are not supported yet"
        )
        raise _refused(text)
    path = parts.path.rstrip("/").removesuffix("/api/v3").rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path}/api/v3/"


def check_configured_address(configured: str | None) -> None:
    """Refuse a `github:baseUrl` that is not the GitHub to which slipway sends its requests.

    Raises:
        ConfigurationError: it is another one, or `rest_url` refuses one of the two.
    """
    if configured and (wrong := _address_problem(configured)):
        raise ConfigurationError([Problem(_KEY, 0, "", wrong[_KEY])])


def configuration_problems(stacks: Path, stack: str, owner: object) -> list[Problem]:
    """GitHub settings in a stack's configuration file that slipway ignores or contradicts.

    Commands that run no program check them, too. slipway's provider reads neither a token nor an
    owner from this file, so such a setting would have no effect, without any message.

    Args:
        stacks: the folder of all stacks, with `Pulumi.STACK.yaml` in it.
        stack: name of the stack.
        owner: owner of the stack, as declared.

    Raises:
        ConfigurationError: the file cannot be read, or GITHUB_BASE_URL is refused by `rest_url`.
    """
    path = stacks / f"Pulumi.{stack}.yaml"
    if not path.exists():
        return []
    document = read_document(path)
    configuration = document.data.get("config")
    found = configuration if isinstance(configuration, dict) else {}
    wrong = {key: text for key, text in _UNREAD.items() if key in found}
    other = found.get(_OWNER_KEY)
    if other is not None and str(other).lower() != str(owner).lower():
        wrong[_OWNER_KEY] = "is another owner than `owner` of _stack.yaml, which counts: remove it"
    if (configured := found.get(_KEY)) is not None:
        wrong |= _address_problem(configured)
    return [document.problem(("config", key), text) for key, text in wrong.items()]


def _address_problem(configured: object) -> dict[str, str]:
    """The problem of a configured address by its key; empty if the address is right.

    Raises:
        ConfigurationError: GITHUB_BASE_URL is refused by `rest_url`.
    """
    asked = rest_url(os.environ.get(_VARIABLE))
    try:
        other = not isinstance(configured, str) or rest_url(configured) != asked
    except ConfigurationError as error:
        return {_KEY: error.problems[0].text}
    return {_KEY: _OTHER} if other else {}


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refused(text: str) -> ConfigurationError:
    return ConfigurationError([Problem(_VARIABLE, 0, "", text)])
