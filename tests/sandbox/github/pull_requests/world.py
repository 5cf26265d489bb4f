"""Pull requests for tests."""

from base64 import b64encode
from typing import Any

from sandbox.github.store import Store
from tests.sandbox.github.conftest import Api

R = "/repos/acme/billing"
PULLS = f"{R}/pulls"


def write(api: Api, branch: str, path: str, text: str, message: str = "m") -> None:
    """Commit one new file to a branch."""
    body = {"message": message, "content": b64encode(text.encode()).decode(), "branch": branch}
    answer = api("PUT", f"{R}/contents/{path}", body)
    assert answer.status_code == 201, answer.text


def branch(api: Api, store: Store, name: str) -> None:
    """Create a branch at main."""
    sha = store.repositories[41].git.branches()["main"]
    assert (
        api("POST", f"{R}/git/refs", {"ref": f"refs/heads/{name}", "sha": sha}).status_code == 201
    )


def opened(api: Api, head: str = "develop", **members: Any) -> dict[str, Any]:
    """Open a pull request into main."""
    answer = api("POST", PULLS, {"title": "Change", "head": head, "base": "main"} | members)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def merged(api: Api, number: int = 1, **members: Any) -> tuple[int, str]:
    """Merge; returns status and message."""
    answer = api("PUT", f"{PULLS}/{number}/merge", members)
    return answer.status_code, answer.get_json()["message"]


def tip(api: Api, name: str = "main") -> Any:
    """The last commit of a branch."""
    return api("GET", f"{R}/commits/{name}").get_json()
