"""Real git commands against the emulator."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from sandbox.github import Server, Store, serve
from sandbox.github.planting import plant
from sandbox.github.seed import Seed
from tests.sandbox.github.conftest import ADMIN, MEMBER, WORLD
from tests.sandbox.github.contract_cases import PROTECTION, RULESET
from tests.sandbox.github.rules.world import PULL


@pytest.fixture
def server() -> Iterator[Server]:
    """A server of the seeded emulator."""
    store = Store()
    plant(store, Seed.model_validate(WORLD))
    running = serve(store)
    yield running
    running.stop()


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run git without the user's settings and without prompts."""
    return subprocess.run(
        ["git", "-c", "user.name=T", "-c", "user.email=t@example.com", *arguments],
        cwd=folder,
        env={
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_CONFIG_SYSTEM": "/dev/null",
            "HOME": str(folder),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def address(server: Server, repository: str, token: str | None = None) -> str:
    """The address that a user would clone."""
    login = f"x:{token}@" if token else ""
    return f"http://{login}127.0.0.1:{server.port}/acme/{repository}.git"


def test_a_public_repository_is_cloned(server: Server, tmp_path: Path) -> None:
    """A clone without a token has all branches and files, with the ids of the API."""
    done = git(tmp_path, "clone", address(server, "billing"), "copy")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "copy/README.md").read_text(encoding="utf-8") == "# billing\n"
    head = git(tmp_path / "copy", "rev-parse", "origin/develop").stdout.strip()
    answer = requests.get(
        f"{server.url}api/v3/repos/acme/billing/git/ref/heads/develop",
        headers={"Authorization": f"Bearer {ADMIN}"},
        timeout=30,
    )
    assert answer.json()["object"]["sha"] == head
    assert git(tmp_path / "copy", "fsck", "--strict").returncode == 0


def test_a_push_arrives(server: Server, tmp_path: Path) -> None:
    """After a push the API returns the pushed commit."""
    git(tmp_path, "clone", address(server, "billing", ADMIN), "copy")
    copy = tmp_path / "copy"
    (copy / "pushed.txt").write_text("pushed\n", encoding="utf-8")
    git(copy, "add", "pushed.txt")
    git(copy, "commit", "-m", "push")
    done = git(copy, "push", "origin", "main")
    assert done.returncode == 0, done.stderr
    answer = requests.get(
        f"{server.url}api/v3/repos/acme/billing/commits/main",
        headers={"Authorization": f"Bearer {ADMIN}"},
        timeout=30,
    ).json()
    assert answer["sha"] == git(copy, "rev-parse", "HEAD").stdout.strip()
    assert [file["filename"] for file in answer["files"]] == ["pushed.txt"]


@pytest.mark.parametrize(
    ("pushed", "default"),
    [
        (["master"], "master"),
        (["main", "develop"], "main"),
        (["trunk", "develop"], "develop"),
    ],
)
def test_the_first_push_chooses_the_default_branch(
    server: Server, tmp_path: Path, pushed: list[str], default: str
) -> None:
    """GitHub takes the configured branch if it was pushed, else the first by name."""
    url, said = f"{server.url}api/v3/", {"Authorization": f"Bearer {ADMIN}"}
    made = {"name": "newborn"}
    requests.post(f"{url}orgs/acme/repos", json=made, headers=said, timeout=30).raise_for_status()
    git(tmp_path, "init", "-b", pushed[0], "copy")
    copy = tmp_path / "copy"
    git(copy, "commit", "--allow-empty", "-m", "first")
    for branch in pushed[1:]:
        git(copy, "branch", branch)
    done = git(copy, "push", address(server, "newborn", ADMIN), "--all")
    assert done.returncode == 0, done.stderr
    # The next push changes nothing.
    git(copy, "push", address(server, "newborn", ADMIN), f"{pushed[0]}:a-branch")
    found = requests.get(f"{url}repos/acme/newborn", headers=said, timeout=30).json()
    assert found["default_branch"] == default
    git(tmp_path, "clone", address(server, "newborn", ADMIN), "clone")
    head = git(tmp_path / "clone", "symbolic-ref", "--short", "HEAD")
    assert head.stdout.strip() == default


@pytest.mark.parametrize("token", [None, "bogus"])
def test_a_private_repository_needs_a_token(
    server: Server, tmp_path: Path, token: str | None
) -> None:
    """Git is refused if the token is missing or unknown."""
    assert git(tmp_path, "clone", address(server, "hidden", token), "copy").returncode != 0
    assert git(tmp_path, "clone", address(server, "hidden", ADMIN), "copy").returncode == 0


def test_who_may_not_write_cannot_push(server: Server, tmp_path: Path) -> None:
    """A push needs write access; an archived repository refuses every push."""
    for repository, token in (("billing", MEMBER), ("old", ADMIN)):
        git(tmp_path, "clone", address(server, repository, token), repository)
        copy = tmp_path / repository
        git(copy, "commit", "--allow-empty", "-m", "no")
        done = git(copy, "push", "origin", "main")
        assert done.returncode != 0
        assert "403" in done.stderr


def test_an_unknown_repository_is_not_there(server: Server, tmp_path: Path) -> None:
    """Git gets the error that the repository does not exist."""
    done = git(tmp_path, "clone", address(server, "none", ADMIN), "copy")
    assert "not found" in done.stderr.lower()


@pytest.mark.parametrize("classic", [True, False], ids=["classic", "ruleset"])
def test_a_rule_declines_a_push(server: Server, tmp_path: Path, classic: bool) -> None:  # noqa: FBT001
    """Git shows GitHub's message; other branches of the same push are written.

    If the push deletes the head of a pull request, the pull request is closed.
    """
    api, headers = f"{server.url}api/v3/repos/acme/billing", {"Authorization": f"Bearer {ADMIN}"}
    if classic:
        path, body = f"{api}/branches/main/protection", PROTECTION
        assert requests.put(path, json=body, headers=headers, timeout=30).status_code == 200
    else:
        rules = RULESET | {"rules": [PULL]}
        answer = requests.post(f"{api}/rulesets", json=rules, headers=headers, timeout=30)
        assert answer.status_code == 201
    pull = {"title": "t", "head": "develop", "base": "main"}
    assert requests.post(f"{api}/pulls", json=pull, headers=headers, timeout=30).status_code == 201
    git(tmp_path, "clone", address(server, "billing", ADMIN), "copy")
    copy = tmp_path / "copy"
    (copy / "pushed.txt").write_text("new\n", encoding="utf-8")
    git(copy, "add", ".")
    git(copy, "commit", "-m", "Push")
    done = git(copy, "push", "origin", "HEAD:main", "HEAD:topic", ":develop")
    assert done.returncode != 0
    if classic:
        assert "remote: error: GH006: Protected branch update failed" in done.stderr
        assert "remote: - Changes must be made through a pull request." in done.stderr
        assert "(protected branch hook declined)" in done.stderr
    else:
        assert "remote: error: GH013: Repository rule violations found" in done.stderr
        assert "remote: - Changes must be made through a pull request." in done.stderr
        assert "(push declined due to repository rule violations)" in done.stderr
    found = requests.get(f"{api}/branches", headers=headers, timeout=30).json()
    assert [branch["name"] for branch in found] == ["main", "topic"]
    shown = requests.get(f"{api}/pulls/1", headers=headers, timeout=30).json()
    assert (shown["state"], shown["merged"]) == ("closed", False)


def test_the_first_branch_is_the_default_one(server: Server, tmp_path: Path) -> None:
    """A push to an empty repository decides its default branch; later branches do not."""
    git(tmp_path, "init", "-b", "master", "copy")
    copy = tmp_path / "copy"
    (copy / "a.txt").write_text("a\n", encoding="utf-8")
    git(copy, "add", ".")
    git(copy, "commit", "-m", "First")
    for branch in ("master", "main"):
        done = git(copy, "push", address(server, "empty", ADMIN), f"HEAD:{branch}")
        assert done.returncode == 0, done.stderr
        found = requests.get(
            f"{server.url}api/v3/repos/acme/empty",
            headers={"Authorization": f"Bearer {ADMIN}"},
            timeout=30,
        ).json()
        assert found["default_branch"] == "master"
