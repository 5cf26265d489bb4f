"""A pull request removes an offboarded repository's files from branches that refuse commits."""

import base64
from pathlib import Path
from typing import Any

import pytest
import requests

from components.config.stack_files import StackFiles
from components.documents.delivery import mark
from components.model.delivery import ByPullRequest
from components.model.live import Live
from operations.live.github.api import GitHub
from operations.live.github.removed_files import deletion
from operations.live.notes import live_notes
from operations.live.program import read_live
from sandbox.github import Server
from tests.operations.live.github.rules.test_branch_rules import ruleset, write
from tests.operations.live.organization import TOKEN, control
from tests.operations.live.organization import github as github  # noqa: PLC0414 - a fixture
from tests.stacks import WriteStack

FOLDER = ".github/workflows"
LEAVING = "repository: a\noffboarding: {now: true}\n"
STAYING = "repository: a\nbranches: {dev: main}\n"


def commit(github: Server, file: str, branch: str = "main") -> None:
    """Commit a workflow file."""
    body = {"message": "x", "content": base64.b64encode(b"name: x\n").decode(), "branch": branch}
    write(github, "PUT", f"contents/{FOLDER}/{file}", body)


def read(github: Server, write_stack: WriteStack, text: str) -> tuple[StackFiles, Live]:
    """Read GitHub for a stack with this file, which is written at a test's first call."""
    folder = Path("stacks/s")
    files = StackFiles(folder if folder.exists() else write_stack(a=text))
    return files, read_live(files, GitHub(github.url, TOKEN))


def removal(github: Server, write_stack: WriteStack) -> ByPullRequest:
    """Return the removal from main."""
    _, found = read(github, write_stack, LEAVING)
    return found.leaving["a"]["main"]


def send(github: Server, method: str, path: str, body: object, token: str) -> requests.Response:
    """Send one request about the repository."""
    url, headers = f"{github.url}api/v3/repos/acme/a/{path}", {"Authorization": f"Bearer {token}"}
    answer = requests.request(method, url, json=body, headers=headers, timeout=10)
    answer.raise_for_status()
    return answer


def opened(github: Server, head: str, body: str, token: str = TOKEN) -> dict[str, Any]:
    """Open a pull request from a new branch of that name."""
    sha = write(github, "GET", "git/ref/heads/main", None)["object"]["sha"]
    write(github, "POST", "git/refs", {"ref": f"refs/heads/{head}", "sha": sha})
    commit(github, "new.yml", head)
    request = {"title": "x", "body": body, "head": head, "base": "main"}
    made: dict[str, Any] = send(github, "POST", "pulls", request, token).json()
    return made


@pytest.fixture
def protected(github: Server) -> Server:
    """Main has two of slipway's three files and one other, and demands pull requests."""
    for file in ("python-dev.yml", "python-test.yml", "own.yml"):
        commit(github, file)
    write(github, "POST", "rulesets", ruleset("pull_request"))
    return github


def test_files_that_are_there_leave(protected: Server, write_stack: WriteStack) -> None:
    """The removal has slipway's existing files on main; Pulumi deletes files of other branches."""
    files, found = read(protected, write_stack, LEAVING)
    assert (files.stack.repositories, found.repositories) == ((), {})
    assert list(found.leaving["a"]) == ["main"]
    one = found.leaving["a"]["main"]
    assert sorted(one.pending) == ["python-dev.yml", "python-test.yml"]
    assert one.head.startswith("slipway/offboarding/main-")
    assert (one.opens, one.head_exists, one.number) == (True, False, None)


def test_an_open_removal_is_found_and_a_closed_one_is_not_opened_again(
    protected: Server, write_stack: WriteStack
) -> None:
    """An open removal is found, and a closed one is not opened again; others do not count."""
    one = removal(protected, write_stack)
    opened(protected, "slipway/main-0123456789", mark("0123456789abcdef"))
    made = opened(protected, one.head, mark(one.content))
    one = removal(protected, write_stack)
    assert (one.number, one.url, one.head_exists) == (made["number"], made["html_url"], True)
    write(protected, "PATCH", f"pulls/{made['number']}", {"state": "closed"})
    one = removal(protected, write_stack)
    assert (one.declined, one.opens, one.url) == (True, False, made["html_url"])


def test_notes_say_how_far_it_is(protected: Server, write_stack: WriteStack) -> None:
    """A notice at the key says to wait, to decide about a closed request, or to remove the file."""
    place = "stacks/s/a.yaml:2: offboarding.now: acme/a: "

    def noted() -> str:
        (note,) = live_notes(*read(protected, write_stack, LEAVING))
        assert str(note).startswith(place)
        return str(note).removeprefix(place)

    assert noted().startswith("a pull request removes its workflow files: keep this file")
    one = removal(protected, write_stack)
    made = opened(protected, one.head, mark(one.content))
    write(protected, "PATCH", f"pulls/{made['number']}", {"state": "closed"})
    assert noted().startswith(f"files stay, as {made['html_url']} was closed: reopen it")
    write(protected, "PATCH", f"pulls/{made['number']}", {"state": "open"})
    for file in one.pending:
        url = f"contents/{FOLDER}/{file}"
        sha = write(protected, "GET", url, None)["sha"]
        write(protected, "DELETE", url, {"message": "x", "sha": sha, "branch": one.head})
    control(protected, f"pulls/acme/a/{made['number']}/merge", {"method": "squash"})
    assert noted().startswith("no pull request is left to wait for: remove this file")


@pytest.mark.parametrize(
    ("body", "token", "ours"),
    [("Mine", "octocat", False), (mark("00"), "octocat", True), ("edited", TOKEN, True)],
)
def test_a_request_of_others_is_left_alone_and_named(
    protected: Server, write_stack: WriteStack, body: str, token: str, *, ours: bool
) -> None:
    """A request is slipway's by its text or author; another one is left alone and named."""
    octocat = {"token": "octocat", "login": "Octocat"}
    control(protected, "seed", {"tokens": [octocat]})
    send(protected, "PUT", "collaborators/Octocat", {"permission": "push"}, TOKEN)
    made = opened(protected, "slipway/main-0123456789", body, token)
    files, found = read(protected, write_stack, STAYING)
    one = found.repositories["a"].by_pull_request["main"]
    notes = [str(note) for note in live_notes(files, found)]
    if ours:
        assert (one.number, one.foreign, notes) == (made["number"], (), [])
        assert (one.title, one.body) == (made["title"], body)
        return
    assert (one.number, one.foreign) == (None, (made["html_url"],))
    assert one.head != made["head"]["ref"]
    (note,) = notes
    place = "stacks/s/a.yaml:1: repository: "
    assert note.startswith(f"{place}{made['html_url']} is not slipway's, though its branch")


def test_deletions_go_on_where_they_were_interrupted(
    github: Server, write_stack: WriteStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A repeated deletion skips missing files; a refusal is an error; commits skip no workflows."""
    monkeypatch.setenv("GITHUB_BASE_URL", github.url)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    delete = deletion(StackFiles(write_stack(a=STAYING)).stack.settings)
    commit(github, "one.yml", "develop")
    delete("a", "develop", [f"{FOLDER}/gone.yml", f"{FOLDER}/one.yml"])
    newest = write(github, "GET", "commits/develop", None)
    assert newest["files"][0]["filename"] == f"{FOLDER}/one.yml"
    assert newest["files"][0]["status"] == "removed"
    assert newest["commit"]["message"] == f"Manage {FOLDER}/one.yml with slipway"
    commit(github, "one.yml")
    write(github, "POST", "rulesets", ruleset("pull_request"))
    with pytest.raises(RuntimeError, match=r"a: .*one\.yml on main was not deleted: 409 "):
        delete("a", "main", [f"{FOLDER}/one.yml"])
