"""aws:iam/openIdConnectProvider:OpenIdConnectProvider."""

from collections.abc import Mapping
from typing import Any, ClassVar

from sandbox.aws.limits import check_client_ids, check_issuer, check_tags, check_thumbprints
from sandbox.aws.plugin.resource_type import ResourceType, tag_list, tag_map
from sandbox.aws.plugin.shapes import Kind, Properties, Property

_SCHEME = "https://"


class OpenIdConnectProvider(ResourceType):
    """An OIDC provider, whose issuer's tokens the account's roles may trust; its id is its ARN."""

    token = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"  # noqa: S105 - a type token
    inputs: ClassVar[Properties] = {
        "clientIdLists": Property(Kind.SET, required=True, check=check_client_ids),
        "tags": Property(Kind.MAP, default={}, check=check_tags),
        "thumbprintLists": Property(Kind.LIST, computed=True, check=check_thumbprints),
        "url": Property(Kind.ADDRESS, required=True, replaces=True, check=check_issuer),
    }
    outputs: ClassVar[Properties] = {
        "arn": Property(required=True),
        "clientIdLists": Property(Kind.SET, required=True),
        "tags": Property(Kind.MAP),
        "tagsAll": Property(Kind.MAP, required=True),
        "thumbprintLists": Property(Kind.LIST, required=True),
        "url": Property(Kind.ADDRESS, required=True),
    }

    def create(self, iam: Any, given: Mapping[str, Any]) -> str:
        """Create it. Thumbprints are optional, because AWS has its own roots for GitHub."""
        made = iam.create_open_id_connect_provider(
            Url=given["url"],
            ClientIDList=given["clientIdLists"],
            ThumbprintList=given.get("thumbprintLists", []),
            Tags=tag_list(given.get("tags", {})),
        )
        return str(made["OpenIDConnectProviderArn"])

    def read(self, iam: Any, identity: str) -> dict[str, Any]:
        """Read it; AWS returns the URL without its scheme."""
        found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=identity)
        return {
            "arn": identity,
            "clientIdLists": found["ClientIDList"],
            "tags": tag_map(found.get("Tags")),
            "thumbprintLists": found["ThumbprintList"],
            "url": found["Url"].removeprefix(_SCHEME),
        }

    def update(
        self, iam: Any, identity: str, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> None:
        """Change audiences with a call each, thumbprints and tags with one call."""
        which = {"OpenIDConnectProviderArn": identity}
        if new.get("thumbprintLists"):
            iam.update_open_id_connect_provider_thumbprint(
                ThumbprintList=new["thumbprintLists"], **which
            )
        before, after = set(old.get("clientIdLists", [])), set(new.get("clientIdLists", []))
        for client_id in sorted(after - before):
            iam.add_client_id_to_open_id_connect_provider(ClientID=client_id, **which)
        for client_id in sorted(before - after):
            iam.remove_client_id_from_open_id_connect_provider(ClientID=client_id, **which)
        if "tags" in new:
            if gone := sorted((old["tags"] or {}).keys() - new["tags"].keys()):
                iam.untag_open_id_connect_provider(TagKeys=gone, **which)
            if new["tags"]:
                iam.tag_open_id_connect_provider(Tags=tag_list(new["tags"]), **which)

    def delete(self, iam: Any, identity: str, old: Mapping[str, Any]) -> None:
        """Delete it; roles that trust it stay, but their trust has no effect any more."""
        del old
        iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=identity)

    def imported(self, live: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs that would create it; the URL gets its scheme."""
        return {**super().imported(live), "url": f"{_SCHEME}{live['url']}"}
