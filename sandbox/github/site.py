"""Which GitHub the emulator is: github.com, a subdomain of ghe.com, or an Enterprise Server.

It listens on this machine only, whatever its host is: clients find it by GITHUB_BASE_URL. The host
decides two things. The first is the issuer of id-tokens and their default audience. The second is
what an Enterprise Server lacks: it has no immutable subjects (its OpenAPI description, 3.17 to
3.19), and no rate limits unless its administrator enables them (docs.github.com: rate limits for
the REST API). Its paths are always those of an Enterprise Server, as the provider takes an address
of this machine for one.
"""

from dataclasses import dataclass
from typing import Final

_GITHUB_COM: Final = "github.com"
#: The version that a server sends in each answer.
SERVER_VERSION: Final = "3.19.0"


@dataclass(frozen=True)
class Site:
    """One GitHub."""

    #: The host that users open.
    host: str = _GITHUB_COM
    #: The enterprise that is named in the issuer (docs.github.com: OIDC custom issuer policy).
    issuer_enterprise_slug: str = ""

    @property
    def is_server(self) -> bool:
        """Whether it is an Enterprise Server."""
        return self.host != _GITHUB_COM and not self.host.endswith(".ghe.com")

    @property
    def issuer(self) -> str:
        """The `iss` of id-tokens."""
        if self.is_server:
            return f"https://{self.host}/_services/token"
        of_subdomain = f"https://token.actions.{self.host}"
        public = self.host == _GITHUB_COM
        issuer = "https://token.actions.githubusercontent.com" if public else of_subdomain
        slug = self.issuer_enterprise_slug
        return f"{issuer}/{slug}" if slug else issuer

    def audience(self, owner: str) -> str:
        """The audience of a token whose job names none: the owner's address."""
        return f"https://{self.host}/{owner}"
