"""Tables of requests that GitHub refuses: each row is a statement with its request."""

from typing import Any

from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, Api

#: The statement, the request (method, path, body), the status and a part of the message.
Refusal = tuple[str, tuple[str, str, Any], int, str]
#: Stands for a body that is not JSON.
BROKEN = object()


def assert_refused(api: Api, store: Store, row: Refusal, token: str | None = ADMIN) -> None:
    """Assert that the request is refused as the row says, and changed nothing."""
    _, (method, path, body), status, message = row
    before = _world(store)
    if body is BROKEN:
        headers = {"Authorization": f"Bearer {token}"}
        answer = api.client.open(f"/api/v3{path}", method=method, data="{", headers=headers)
    else:
        answer = api(method, path, body, token=token)
    assert answer.status_code == status, answer.text
    assert message in answer.get_json()["message"]
    assert _world(store) == before


def _world(store: Store) -> list[Any]:
    """Everything that the refused request could have changed."""
    return [
        [
            repository.full_name,
            repository.default_branch,
            repository.settings.copy(),
            list(repository.topics),
            repository.subject,
            repository.git.refs(),
            [
                (
                    environment.name,
                    environment.protection,
                    list(environment.policies),
                    list(environment.custom_rules),
                    [(v.name, v.value) for v in environment.variables.values()],
                    [(s.name, s.plaintext) for s in environment.secrets.values()],
                )
                for environment in repository.environments.values()
            ],
        ]
        for repository in store.repositories.values()
    ]
