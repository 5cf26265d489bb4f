"""Put the declared and the live value of a plan's property into words that show the difference.

Policies are compared as policies, other JSON as values, and texts of several lines by lines.
Deliberately absent: names of reviewers. A plan has their ids only; drift has the names.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import takewhile
from typing import Any, Final

from operations.diff.iam import policies
from operations.diff.workflows.file_diff import file_diff
from operations.engine.steps import UNKNOWN

#: Longer values are cut around the first difference.
_SHOWN: Final = 300
#: The number of characters that stay before the first difference.
_CONTEXT: Final = 40
#: Keys of Pulumi's own, such as `__defaults`.
_OWN: Final = "__"
_DECLARED: Final = "the declared text"
_SAME: Final = ("as slipway writes it", "the same, written in another way")
_Texts = tuple[str, str]


def in_words(property_: str, declared: Any, live: Any) -> tuple[_Texts, tuple[str, ...]]:
    """Both values as texts of one line, and the lines of a diff if they have several lines.

    Args:
        property_: the provider's name of the property.
        declared: its value in the program.
        live: its live value.
    """
    if property_ == "reviewers":
        return (_reviewers(declared), _reviewers(live)), ()
    documents = _document(declared), _document(live)
    if all(isinstance(one, Mapping) for one in documents):
        return _documents(property_, *documents), ()
    texts = _text(declared), _text(live)
    if all("\n" in text for text in texts):
        found = file_diff(*texts)
        return (_DECLARED, found.summary), found.lines
    return _around(*texts), ()


def _document(value: Any) -> Any:
    """The value without Pulumi's own keys; a JSON document is read."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except ValueError:
            return value
    return _without_own(value)


def _without_own(value: Any) -> Any:
    if isinstance(value, Mapping):
        shown = ((key, one) for key, one in value.items() if not key.startswith(_OWN))
        return {key: _without_own(one) for key, one in shown}
    return [_without_own(one) for one in value] if isinstance(value, list) else value


def _documents(property_: str, declared: Mapping[str, Any], live: Mapping[str, Any]) -> _Texts:
    if declared == live:
        return _SAME
    if "Statement" in declared and "Statement" in live:
        if policies.compare(declared, live) is None:
            return _SAME
        texts = policies.differences(declared, live, brief=property_ == "assumeRolePolicy")
        if any(texts):
            return texts
    return _around(_text(declared), _text(live))


def _reviewers(value: Any) -> str:
    """Reviewers by their ids, such as `team id 7, user id 5`."""
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        return _text(value)
    return ", ".join(_ids(_without_own(value)))


def _ids(reviewers: list[Mapping[str, list[Any]]]) -> Iterator[str]:
    for one in reviewers:
        for kind, ids in sorted(one.items()):
            yield from (f"{kind.removesuffix('s')} id {_text(id_)}" for id_ in ids or ())


def _text(value: Any) -> str:
    if value is None:
        return ""
    if value == UNKNOWN:
        return "known after up"
    return value if isinstance(value, str) else json.dumps(_without_own(value), sort_keys=True)


def _around(declared: str, live: str) -> _Texts:
    """Both texts; long ones from shortly before the first difference."""
    if max(len(declared), len(live)) <= _SHOWN:
        return declared, live
    alike = takewhile(lambda both: both[0] == both[1], zip(declared, live, strict=False))
    start = max(0, sum(1 for _ in alike) - _CONTEXT)
    return _cut(declared, start), _cut(live, start)


def _cut(text: str, start: int) -> str:
    shown = text[start : start + _SHOWN]
    before = "…" if start and text else ""
    return f"{before}{shown}{'…' if start + _SHOWN < len(text) else ''}"
