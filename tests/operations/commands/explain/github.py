"""A GitHub that gives the answers of a table, to the real client; others are 404."""

import io
import json
from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from operations.live.github.api import GitHub


class _Answers(HTTPAdapter):
    def __init__(self, answers: Mapping[str, Any]) -> None:
        super().__init__()
        self._answers = answers

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]  # no option is used
        found = self._answers.get(request.path_url.removeprefix("/"))
        body, status = (b"{}", 404) if found is None else (json.dumps(found).encode(), 200)
        raw = HTTPResponse(io.BytesIO(body), status=status, preload_content=False)
        return self.build_response(request, raw)


def github(answers: Mapping[str, Any]) -> GitHub:
    """A session.

    Args:
        answers: by path and query.
    """
    return GitHub(base_url="https://api.github.com", token="t", adapter=_Answers(answers))
