"""Where GitHub is: GITHUB_BASE_URL, or github.com. The program, the provider and slipway agree.

Roles trust the issuer of github.com, so no other GitHub is accepted but one on this machine, which
is the sandbox.
"""

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from components.config.problems import ConfigurationError, Problem
from components.config.yaml_files import read_document

_PUBLIC_HOSTS: Final = {"github.com", "api.github.com", "www.github.com"}
_PUBLIC: Final = "https://api.github.com/"
_VARIABLE: Final = "GITHUB_BASE_URL"
_KEY: Final = "github:baseUrl"
_OTHER: Final = "is another GitHub than GITHUB_BASE_URL says: remove it, and set that variable"


def rest_url(base_url: str | None) -> str:
    """The REST root for a base URL, by the provider's own rule.

    github.com is `https://api.github.com/`; any other host is taken for an Enterprise Server, with
    its REST root under `/api/v3/`.

    Raises:
        ConfigurationError: it is no address, would send the token in clear, holds a user or
            password, or is of a GitHub whose id-tokens the roles do not trust.
    """
    try:
        parts = urlsplit(base_url or _PUBLIC)
        host, secret = parts.hostname, "@" in (base_url or "")
        # Reading it finds a wrong one.
        _ = parts.port
    except ValueError:
        raise _refused("is no address: give scheme and host, or unset it for github.com") from None
    if secret:
        # Not shown: what stands before the @ may be a token.
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
    """Refuse a `github:baseUrl` that is another GitHub than the one that is asked.

    Raises:
        ConfigurationError: it is, or one of the two is refused by `rest_url`.
    """
    if configured and rest_url(configured) != rest_url(os.environ.get(_VARIABLE)):
        raise ConfigurationError([Problem(_KEY, 0, "", _OTHER)])


def address_problems(stacks: Path, stack: str) -> list[Problem]:
    """The same of what a stack's configuration file says, for commands that run no program.

    Args:
        stacks: the folder of all stacks, with `Pulumi.STACK.yaml` in it.
        stack: its name.

    Raises:
        ConfigurationError: the file cannot be read, or GITHUB_BASE_URL is refused by `rest_url`.
    """
    path = stacks / f"Pulumi.{stack}.yaml"
    if not path.exists():
        return []
    document = read_document(path)
    configuration = document.data.get("config")
    configured: Any = configuration.get(_KEY) if isinstance(configuration, dict) else None
    if configured is None:
        return []
    try:
        other = not isinstance(configured, str) or rest_url(configured) != rest_url(
            os.environ.get(_VARIABLE)
        )
    except ConfigurationError as error:
        return [document.problem(("config", _KEY), each.text) for each in error.problems]
    return [document.problem(("config", _KEY), _OTHER)] if other else []


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refused(text: str) -> ConfigurationError:
    return ConfigurationError([Problem(_VARIABLE, 0, "", text)])
