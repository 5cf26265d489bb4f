"""Pages of GetAccountAuthorizationDetails; moto answers it without pages.

IAM API Reference, GetAccountAuthorizationDetails: users, groups, roles and policies are one list. A
page has at most MaxItems items, by default 100; the Marker of a truncated answer starts the next.
"""

from collections.abc import Mapping
from typing import Final
from xml.etree import ElementTree as ET

ACTION: Final = "GetAccountAuthorizationDetails"
_NAMESPACE: Final = "https://iam.amazonaws.com/doc/2010-05-08/"
_LISTS: Final = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")
_MOST: Final = 100


def page(whole: bytes, parameters: Mapping[str, str]) -> bytes:
    """The requested page of moto's answer; an answer without a list of details stays unchanged.

    Args:
        whole: moto's answer.
        parameters: parameters of the request.
    """
    ET.register_namespace("", _NAMESPACE)
    root = ET.fromstring(whole)  # noqa: S314 - moto's own answer
    result = root.find(_tag(f"{ACTION}Result"))
    if result is None:
        return whole
    start = int(parameters.get("Marker", "0"))
    end = start + int(parameters.get("MaxItems", _MOST))
    position = 0
    for name in _LISTS:
        items = result.find(_tag(name))
        for item in list(items if items is not None else ()):
            if items is not None and not start <= position < end:
                items.remove(item)
            position += 1
    truncated = result.find(_tag("IsTruncated"))
    if truncated is None:
        truncated = ET.SubElement(result, _tag("IsTruncated"))
    truncated.text = str(end < position).lower()
    if end < position:
        ET.SubElement(result, _tag("Marker")).text = str(end)
    return ET.tostring(root)


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"
