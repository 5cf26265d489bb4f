"""Actions of IAM that moto lacks, or carries out differently from AWS."""

from collections.abc import Callable, Mapping
from typing import Final

from moto.iam.models import IAMBackend

Parameters = Mapping[str, str]


def act(iam: IAMBackend, parameters: Parameters) -> str | None:
    """Carry out the action and return its answer as XML; None if moto is to carry it out.

    `rules` has checked the parameters before: the provider exists.
    """
    action = parameters.get("Action", "")
    addition = _ADDITIONS.get(action)
    if addition is None:
        return None
    addition(iam, parameters)
    return (
        f'<{action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/">'
        f"<{action}Result/>"
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


def _update_role(iam: IAMBackend, given: Parameters) -> None:
    """Update only the given members; moto would empty a missing description."""
    role = iam.get_role(given["RoleName"])
    if "Description" in given:
        role.description = given["Description"]
    if "MaxSessionDuration" in given:
        role.max_session_duration = given["MaxSessionDuration"]


_ADDITIONS: Final[Mapping[str, Callable[[IAMBackend, Parameters], None]]] = {
    "AddClientIDToOpenIDConnectProvider": _add_client_id,
    "UpdateRole": _update_role,
    "RemoveClientIDFromOpenIDConnectProvider": _remove_client_id,
}
