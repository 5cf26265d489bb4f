"""Notices about zips that lack requirements, read from the sandbox's GitHub."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from components.model.repository import Repository
from components.model.stack import Stack
from operations.checks.workflows.requirements import Requirements, has_requirement
from operations.live.github.api import GitHub
from sandbox.github import Server, Store, serve
from tests.operations.checks.workflows.test_notices import SETTINGS

TOKEN = "admin"
FILES: dict[str, dict[str, str]] = {
    "web": {"requirements.txt": "# the web\nrequests==2.32\n"},
    "empty": {"requirements.txt": "\n  # nothing yet\n"},
    "without": {},
    "folder": {"requirements.txt/base.txt": "requests\n"},
    "large": {"requirements.txt": "requests\n" * 200_000},
    "several": {
        "api/requirements.txt": "requests\n",
        "worker/main.py": "",
        "b/requirements.txt": "",
    },
}


@pytest.fixture(scope="module")
def github() -> Iterator[Server]:
    """An organisation whose repositories have these files on `main`."""
    server = serve(Store(), port=0)
    repositories = [
        {"owner": "acme", "name": name, "files": {"README.md": "# x\n", **files}}
        for name, files in FILES.items()
    ]
    world = {
        "users": [{"login": "admin", "id": 1}],
        "organizations": [{"login": "acme", "id": 9, "admins": ["admin"]}],
        "repositories": repositories,
        "tokens": [{"token": TOKEN, "login": "admin"}],
    }
    requests.post(f"{server.url}_sandbox/seed", json=world, timeout=10).raise_for_status()
    yield server
    server.stop()


def said(client: GitHub, *declared: dict[str, Any]) -> list[str]:
    """Return the notices about a stack of these repositories."""
    repositories = tuple(map(Repository.model_validate, declared))
    asked = Requirements()
    asked.ask(Stack(name="s", settings=SETTINGS, repositories=repositories), client)
    return list(asked.notices())


def test_only_zips_without_their_requirements_have_a_notice(github: Server) -> None:
    """A zip without its requirements has a notice, unless that is declared; a wheel has none."""
    client = GitHub(github.url, TOKEN)
    meant = {"repository": "web", "package": {"dependencies": "none"}}
    wheel = {"repository": "web", "package": {"kind": "wheel"}}
    assert said(client, meant) == said(client, wheel) == []
    others = [{"repository": name} for name in ("empty", "without")]
    (notice,) = said(client, {"repository": "web"}, *others)
    assert notice == (
        "1 Lambda zip lacks what requirements.txt names, and `package.dependencies` is not said "
        "(acme/web): say `vendored`, or `none` if that is meant"
    )


def test_requirements_are_read_from_the_packages_folder(github: Server) -> None:
    """Each of several packages is compared with requirements.txt in its own folder."""
    client = GitHub(github.url, TOKEN)
    packages = {name: {"working_directory": name} for name in ("api", "worker", "b")}
    (notice,) = said(client, {"repository": "several", "packages": packages})
    assert "(acme/several (api)):" in notice
    (notice,) = said(client, {"repository": "several", "working_directory": "api"})
    assert "(acme/several):" in notice


def test_requirements_are_read_from_prods_branch(github: Server) -> None:
    """Requirements are read from prod's branch."""
    branches = {"dev": "main", "test": "st#ble", "prod": "st#ble"}
    web = {"repository": "web", "branches": branches}
    assert said(GitHub(github.url, TOKEN), web) == []


@pytest.mark.parametrize("name", ["folder", "large"])
def test_an_unreadable_file_is_reported_as_not_looked_at(github: Server, name: str) -> None:
    """A folder and a large file are reported as not looked at: GitHub returns no text."""
    (notice,) = said(GitHub(github.url, TOKEN), {"repository": name})
    assert notice == (
        f"requirements.txt of 1 Lambda zip was not looked at (acme/{name}): it is no file of text, "
        "or larger than 1 MB"
    )


@pytest.mark.parametrize(
    "answer",
    [
        {"type": "file", "encoding": "base64", "content": "a"},
        {"type": "file", "encoding": "base64"},
        {"type": "submodule", "size": 0},
    ],
    ids=["broken", "nothing", "submodule"],
)
def test_an_answer_without_text_is_reported_as_not_looked_at(
    monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]
) -> None:
    """An answer without readable text, such as a submodule's, is reported as not looked at."""
    client = GitHub("http://127.0.0.1:1/", TOKEN)
    monkeypatch.setattr(client, "get", lambda _: answer)
    (notice,) = said(client, {"repository": "web"})
    assert "was not looked at (acme/web): it is no file of text" in notice


def test_a_refusal_hides_nothing_else(github: Server) -> None:
    """A refused file is reported in GitHub's words, beside the other notices."""
    fault = {"kind": "status", "path": "/repos/acme/web/contents/", "status": 403}
    requests.post(f"{github.url}_sandbox/faults", json=fault, timeout=10).raise_for_status()
    client = GitHub(github.url, TOKEN)
    try:
        several = {"repository": "several", "working_directory": "api"}
        lacking, unread = said(client, {"repository": "web"}, several)
    finally:
        requests.delete(f"{github.url}_sandbox/faults", timeout=10).raise_for_status()
    assert "(acme/several)" in lacking
    assert unread.startswith("requirements.txt of 1 Lambda zip was not looked at (acme/web): ")
    assert "does not let this token read repos/acme/web/contents/requirements.txt" in unread


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", False),
        ("\n \t\n", False),
        ("# requests\n   # more\r\n", False),
        ("requests", True),
        ("# x\n\nrequests  # y\n", True),
        ("-r base.txt\n", True),
    ],
)
def test_a_requirement_is_a_line_that_says_something(text: str, *, found: bool) -> None:
    """A requirement is a line that is neither empty nor a comment."""
    assert has_requirement(text.splitlines()) is found
