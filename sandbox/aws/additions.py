"""Actions of IAM that moto lacks and pulumi-aws needs."""

from collections.abc import Callable, Mapping
from typing import Final

from moto.iam.models import IAMBackend

Parameters = Mapping[str, str]


def act(iam: IAMBackend, parameters: Parameters) -> str | None:
    """The action's answer as XML, once it is done; None for an action that is moto's.

    The rules have seen the parameters: the provider exists.
    """
    action = parameters.get("Action", "")
    addition = _ADDITIONS.get(action)
    if addition is None:
        return None
    addition(iam, parameters)
    return (
        f'<{action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
        "<ResponseMetadata><RequestId>sandbox</RequestId></ResponseMetadata>"
        f"</{action}Response>"
    )


def _add_client_id(iam: IAMBackend, given: Parameters) -> None:
    provider = iam.get_open_id_connect_provider(given["OpenIDConnectProviderArn"])
    if given["ClientID"] not in provider.client_id_list:
        provider.client_id_list.append(given["ClientID"])


def _remove_client_id(iam: IAMBackend, given: Parameters) -> None:
    provider = iam.get_open_id_connect_provider(given["OpenIDConnectProviderArn"])
    if given["ClientID"] in provider.client_id_list:
        provider.client_id_list.remove(given["ClientID"])


_ADDITIONS: Final[Mapping[str, Callable[[IAMBackend, Parameters], None]]] = {
    "AddClientIDToOpenIDConnectProvider": _add_client_id,
    "RemoveClientIDFromOpenIDConnectProvider": _remove_client_id,
}
