"""A look costs each repository the same, in requests and in memory, however many there are.

GitHub is a function here: the emulator's own objects would be in the measured memory. `make bench`
measures looks at the emulator, with 1,000 repositories.
"""

import gc
import io
import json
import re
import tracemalloc
from collections import Counter
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from components.model.repository import Repository
from components.model.stack import Account, Stack
from operations.live import observer
from operations.live.github.graphql import question_about
from operations.live.observed import ObservedAccount
from operations.live.observer import observe
from tests.operations.diff.worlds import SETTINGS

pytestmark = pytest.mark.large

TIME = "2026-01-01T00:00:00Z"
#: Subject, environments, two branches; secrets, variables, patterns and rules of each of three.
EACH = 16
#: Kilobytes that a repository may add to the highest memory of a look. It adds 22; its rendered
#: files alone would be 33.
MOST = 30
ASKED = re.compile(r'(r\d+): repository\(owner: "acme", name: "(.*?)"')


def listed(key: str, *items: dict[str, Any]) -> dict[str, Any]:
    """A list of GitHub's."""
    return {"total_count": len(items), key: items}


def answer(path: str) -> Any:
    """GitHub's answer to a GET below one repository."""
    last = path.partition("?")[0].rpartition("/")[2]
    if last == "environments":
        rules = {"protected_branches": False, "custom_branch_policies": True}
        more = {"created_at": TIME, "deployment_branch_policy": rules}
        named = [{"name": name, "id": 1, **more} for name in ("dev", "test", "prod")]
        return listed("environments", *named)
    kept = {
        "secrets": listed("secrets", {"name": "TOKEN", "updated_at": TIME}),
        "variables": listed(
            "variables", *({"name": f"V{number}", "value": "x" * 20} for number in range(7))
        ),
        "deployment-branch-policies": listed("branch_policies", {"name": "main", "id": 1}),
        "deployment_protection_rules": listed("custom_deployment_protection_rules"),
        "sub": {"use_default": True},
    }
    return kept.get(last, {"name": last, "protected": False})


def facts(query: str) -> dict[str, Any]:
    """GitHub's answer to the GraphQL question about repositories."""
    branches = {f"b{number}": {"name": "x"} for number in range(3)}
    folders: dict[str, Any] = {f"f{number}": {"entries": []} for number in range(3)}
    return {
        "data": {
            number: {
                "createdAt": TIME,
                "databaseId": 1,
                "defaultBranchRef": {"name": "main"},
                "isArchived": False,
                "nameWithOwner": f"acme/{name}",
                "owner": {"databaseId": 9},
                "url": f"https://github.com/acme/{name}",
                "viewerPermission": "ADMIN",
                "visibility": "PUBLIC",
                "head": {"entries": []},
                **branches,
                **folders,
            }
            for number, name in ASKED.findall(query)
        }
    }


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Counter[tuple[str, int]]:
    """Let this module answer instead of GitHub and AWS; requests by method and status."""
    counted: Counter[tuple[str, int]] = Counter()

    def send(
        adapter: HTTPAdapter, request: requests.PreparedRequest, **_: Any
    ) -> requests.Response:
        if request.method == "POST":
            found = facts(json.loads(request.body or "")["query"])
        else:
            found = answer(request.path_url)
        body = json.dumps(found).encode()
        tag = f'"{sha256(body).hexdigest()}"'
        status = 304 if request.headers.get("If-None-Match") == tag else 200
        counted[str(request.method), status] += 1
        raw = HTTPResponse(
            io.BytesIO(b"" if status == 304 else body),
            {"ETag": tag},
            status,
            preload_content=False,
        )
        return adapter.build_response(request, raw)

    def account(which: Account, _: object) -> ObservedAccount:
        return ObservedAccount(which.account_id, {}, which.oidc_provider_arn, frozenset())

    monkeypatch.setattr(HTTPAdapter, "send", send)
    monkeypatch.setattr(observer, "read_account", account)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("GITHUB_TOKEN", "t")
    for name in ("GITHUB_BASE_URL", "GITHUB_OWNER"):
        monkeypatch.delenv(name, raising=False)
    return counted


def stack_of(count: int) -> Stack:
    """A stack of that many repositories."""
    declared = tuple(
        Repository.model_validate({"repository": f"r{number}"}).read_from("s", f"r{number}.yaml")
        for number in range(count)
    )
    return Stack(name="s", settings=SETTINGS, repositories=declared)


def look(stack: Stack) -> None:
    """Look at all of its repositories."""
    found = observe(stack, partial(question_about, settings=SETTINGS, other_texts=True))
    assert len(found.repositories) == len(stack.repositories)


def memory(count: int) -> int:
    """The highest memory of such a look, in bytes; measuring it takes four times as long."""
    stack = stack_of(count)
    gc.collect()
    tracemalloc.start()
    try:
        look(stack)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.usefixtures("told")
def test_the_memory_of_a_repository_does_not_grow() -> None:
    """More repositories take no more memory each: no text and no JSON is kept."""
    look(stack_of(5))  # imports
    # Each look keeps all connections busy: before that, memory grows with their number as well.
    few, more, most = (memory(count) for count in (20, 40, 70))
    assert (more - few) / 20 < MOST * 1000
    assert (most - more) / 30 < MOST * 1000


def test_a_second_look_is_free(told: Counter[tuple[str, int]]) -> None:
    """Each repository takes the same requests; the second look's are all answered with 304."""
    for count in (20, 40):
        told.clear()
        look(stack_of(count))
        # A repository of the smaller look is known already.
        assert told == {("GET", 200): 20 * EACH, ("POST", 200): count // 20} | (
            {("GET", 304): 20 * EACH} if count > 20 else {}
        )
    told.clear()
    look(stack_of(40))
    assert told == {("GET", 304): 40 * EACH, ("POST", 200): 2}
