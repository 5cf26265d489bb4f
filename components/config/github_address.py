"""The address of GitHub for program, provider and slipway: the declared one, or the sandbox.

`github.host` of `_stack.yaml` says where GitHub is, as roles trust its issuer. GITHUB_BASE_URL may
repeat that address in any of its spellings, or name the sandbox, which is on this machine; every
other one is refused. The owner comes from `_stack.yaml` only, and the token from GITHUB_TOKEN only:
a stack's configuration with another one is refused.
"""

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from components.config.problems import ConfigurationError, Problem
from components.config.yaml_files import read_document
from components.model.github_host import GitHubHost

_VARIABLE: Final = "GITHUB_BASE_URL"
_KEY: Final = "github:baseUrl"
_OWNER_KEY: Final = "github:owner"
#: Credentials come from the environment only, so that no file and no state contains one.
_UNREAD: Final = {
    "github:token": "is not read: export it as GITHUB_TOKEN, and remove it",
    "github:appAuth": "is not read: export an installation's token as GITHUB_TOKEN, and remove it",
}
_OTHER: Final = (
    "is another GitHub than slipway asks, which is `github.host` of _stack.yaml, or the sandbox of "
    "GITHUB_BASE_URL: remove it"
)


def rest_url(github: GitHubHost, base_url: str | None) -> str:
    """The REST root of the declared GitHub, or of the sandbox if the base URL names it.

    Args:
        github: as declared.
        base_url: of GITHUB_BASE_URL, as the provider takes it; None for the declared address.

    Raises:
        ConfigurationError: the URL is no address, would send the token in clear, holds a user or
            password, or is of another GitHub, whose id-tokens the roles would not trust.
    """
    if not base_url:
        return github.rest_url
    try:
        parts = urlsplit(base_url)
        host, secret = parts.hostname, "@" in base_url
        # Reading the port raises a ValueError if it is wrong.
        port = parts.port
    except ValueError:
        raise _refused("is no address: give scheme and host, or unset it") from None
    if secret:
        # Do not show the URL: the text before the @ may be a token.
        raise _refused("has a user or password in it: leave it out, the token is in GITHUB_TOKEN")
    if parts.scheme not in {"http", "https"} or not host:
        raise _refused(f"{base_url!r} is no address: give scheme and host, or unset it")
    if parts.scheme == "http" and not _is_loopback(host):
        raise _refused(f"{base_url!r} would send the token in clear: use https://")
    path = parts.path.rstrip("/").removesuffix("/api/v3").rstrip("/")
    if _is_loopback(host):
        return f"{parts.scheme}://{parts.netloc}{path}/api/v3/"
    if host in github.host_names and port is None and not path:
        return github.rest_url
    raise _refused(
        f"{base_url!r} is not {github.host}, whose id-tokens the stack's roles trust: unset it, or "
        f"declare that GitHub in _stack.yaml, as in `github: {{host: {_declared(host)}}}`"
    )


def _declared(host: str) -> str:
    """The host that users open, for one with the API of github.com or ghe.com."""
    shared = host.endswith((".github.com", ".ghe.com"))
    return host.removeprefix("api.").removeprefix("www.") if shared else host


def check_configured_address(github: GitHubHost, configured: str | None) -> None:
    """Refuse a `github:baseUrl` that is not the GitHub to which slipway sends its requests.

    Raises:
        ConfigurationError: it is another one, or `rest_url` refuses one of the two.
    """
    if configured and (wrong := _address_problem(github, configured)):
        raise ConfigurationError([Problem(_KEY, 0, "", wrong[_KEY])])


def configuration_problems(
    stacks: Path, stack: str, owner: object, github: GitHubHost | None
) -> list[Problem]:
    """GitHub settings in a stack's configuration file that slipway ignores or contradicts.

    Commands that run no program check them, too. slipway's provider reads neither a token nor an
    owner from this file, so such a setting would have no effect, without any message.

    Args:
        stacks: the folder of all stacks, with `Pulumi.STACK.yaml` in it.
        stack: name of the stack.
        owner: owner of the stack, as declared.
        github: as declared; None if this declaration is wrong, so that no address can be checked.

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
    if github is not None and (configured := found.get(_KEY)) is not None:
        wrong |= _address_problem(github, configured)
    return [document.problem(("config", key), text) for key, text in wrong.items()]


def _address_problem(github: GitHubHost, configured: object) -> dict[str, str]:
    """The problem of a configured address by its key; empty if the address is right.

    Raises:
        ConfigurationError: GITHUB_BASE_URL is refused by `rest_url`.
    """
    asked = rest_url(github, os.environ.get(_VARIABLE))
    try:
        other = not isinstance(configured, str) or rest_url(github, configured) != asked
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
