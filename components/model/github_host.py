"""Where GitHub is: github.com, an enterprise's subdomain of ghe.com, or an Enterprise Server.

Addresses and issuers are those that GitHub documents (docs.github.com: network details of GHE.com,
OpenID Connect in AWS, Enterprise Server's GraphQL endpoint). Deliberately absent: GITHUB_BASE_URL,
which may name the sandbox instead of this address (config/github_address).
"""

import re
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, model_validator
from pydantic.json_schema import SkipJsonSchema

from components.model.base import Frozen, mistake, not_null
from components.model.types import matching

#: The issuer of id-tokens of github.com (docs.github.com: OpenID Connect in AWS).
GITHUB_COM_ISSUER: Final = "token.actions.githubusercontent.com"
_GITHUB_COM: Final = "github.com"
_GHE_COM: Final = ".ghe.com"
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
#: At least two labels, of which the last one is no number: AWS has to reach it by its name.
_HOST: Final = re.compile(rf"(?=.{{1,253}}$)(?:{_LABEL}\.)+(?!\d+$){_LABEL}")
_ALLOWED: Final = "github.com, SUBDOMAIN.ghe.com, or the host name of an Enterprise Server"


def _host_name(value: str) -> str:
    """The name in lower case."""
    host = value.lower()
    if _HOST.fullmatch(host):
        if (meant := _meant(host)) != host:
            raise mistake(f"{value!r} is not where users open GitHub: write {meant}")
        return host
    if "@" in value:
        # Do not show the value: the text before the @ may be a token.
        raise mistake(f"has a user or password in it: write {_ALLOWED}")
    bare = re.split("[/:?#]", host.partition("://")[2] or host)[0]
    advice = _meant(bare) if _HOST.fullmatch(bare) else _ALLOWED
    raise mistake(f"{value!r} is no host name: write {advice}, without scheme, port and path")


def _meant(host: str) -> str:
    """The host that users open, given a host of GitHub's API, issuer or web site."""
    if host.removeprefix("api.").removeprefix("www.") == _GITHUB_COM:
        return _GITHUB_COM
    if host == _GHE_COM[1:] or host.endswith(("githubusercontent.com", ".github.com")):
        return _ALLOWED
    if host.endswith(_GHE_COM):
        return f"{host.removesuffix(_GHE_COM).rpartition('.')[2]}{_GHE_COM}"
    return host


HostName = Annotated[str, AfterValidator(_host_name)]
EnterpriseSlug = Annotated[
    str | SkipJsonSchema[None],
    BeforeValidator(not_null),
    AfterValidator(
        matching(
            r"[a-z0-9][a-z0-9-]{0,99}", "an enterprise's slug", "as in github.com/enterprises/SLUG"
        )
    ),
]


class GitHubHost(Frozen):
    """The GitHub that has the stack's repositories."""

    host: HostName = _GITHUB_COM
    """`github.com`, `SUBDOMAIN.ghe.com` (data residency), or the host name of an Enterprise
    Server, without scheme, port and path."""
    issuer_enterprise_slug: EnterpriseSlug = None
    """Slug of the enterprise, if its custom issuer policy (`include_enterprise_slug`) puts it at
    the end of the issuer of id-tokens. An Enterprise Server has no such policy."""

    @property
    def form(self) -> Literal["github.com", "ghe.com", "server"]:
        """Which of the three forms of GitHub it is."""
        if self.host == _GITHUB_COM:
            return "github.com"
        return "ghe.com" if self.host.endswith(_GHE_COM) else "server"

    @property
    def is_server(self) -> bool:
        """Whether it is an Enterprise Server."""
        return self.form == "server"

    @property
    def host_names(self) -> frozenset[str]:
        """Every host name by which a user may know this GitHub."""
        api = () if self.is_server else (f"api.{self.host}",)
        return frozenset((self.host, f"www.{self.host}", *api))

    @property
    def rest_url(self) -> str:
        """The REST root, ending in a slash."""
        if self.is_server:
            return f"https://{self.host}/api/v3/"
        return f"https://api.{self.host}/"

    @property
    def issuer(self) -> str:
        """The issuer of id-tokens, without https://; ARNs and condition keys contain it."""
        if self.is_server:
            return f"{self.host}/_services/token"
        issuer = GITHUB_COM_ISSUER
        if self.form == "ghe.com":
            issuer = f"token.actions.{self.host}"
        slug = self.issuer_enterprise_slug
        return f"{issuer}/{slug}" if slug else issuer

    @property
    def claims_are_evaluated(self) -> bool:
        """Whether AWS compares more claims of its id-tokens than audience and subject.

        The issuers are those for which AWS lists further condition keys (Service Authorization
        Reference: AWS Security Token Service).
        """
        return self.form == "github.com" or (
            self.form == "ghe.com" and not self.issuer_enterprise_slug
        )

    @property
    def is_enterprise(self) -> bool:
        """Whether every owner there has GitHub Enterprise, whatever GitHub says of its plan."""
        return self.form != "github.com"

    @model_validator(mode="after")
    def _server_has_no_issuer_policy(self) -> Self:
        if self.is_server and self.issuer_enterprise_slug:
            raise mistake(
                f"{self.host} is an Enterprise Server, whose issuer is https://{self.issuer} "
                "without a slug: remove it",
                "issuer_enterprise_slug",
            )
        return self


GITHUB_COM: Final = GitHubHost()
