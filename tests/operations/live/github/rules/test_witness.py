"""The emulator accepts each change that the verdict accepts; needless refusals are listed."""

import base64
from typing import Any, Final

import pytest
import requests

from components.documents.delivery import commit_message
from operations.live.github.api import GitHub
from operations.live.github.rules.changes import Change, commits, creation, deletion
from operations.live.github.rules.judge import Judge
from sandbox.github import Server
from tests.operations.live.organization import TOKEN
from tests.operations.live.organization import github as github  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.emulated

CHECKS: Final[dict[str, Any]] = {
    "required_status_checks": [{"context": "ci"}],
    "strict_required_status_checks_policy": True,
}
WORKFLOWS: Final[dict[str, Any]] = {"workflows": [{"path": "ci.yml", "repository_id": 1}]}
TOOL = {"tool": "CodeQL", "alerts_threshold": "none", "security_alerts_threshold": "none"}
LATER: Final[dict[str, Any]] = {"do_not_enforce_on_create": True}


def pattern(operator: str, text: str, *, negate: bool = False) -> dict[str, Any]:
    """Return the parameters of a rule about texts."""
    return {"operator": operator, "pattern": text, "negate": negate}


RULES: Final[tuple[tuple[str, dict[str, Any] | None], ...]] = (
    ("copilot_code_review", {}),
    ("creation", None),
    ("update", None),
    ("deletion", None),
    ("non_fast_forward", None),
    ("pull_request", None),
    ("required_linear_history", None),
    ("required_signatures", None),
    ("required_status_checks", CHECKS),
    ("required_status_checks", CHECKS | LATER),
    ("workflows", WORKFLOWS),
    ("workflows", WORKFLOWS | LATER),
    ("code_scanning", {"code_scanning_tools": [TOOL]}),
    ("merge_queue", {}),
    ("required_deployments", {"required_deployment_environments": ["prod"]}),
    ("branch_name_pattern", pattern("regex", "^(main|slipway/.*)$")),
    ("branch_name_pattern", pattern("starts_with", "feature/")),
    ("commit_message_pattern", pattern("regex", r"^Manage \S+ with slipway")),
    ("commit_message_pattern", pattern("regex", "^skip-checks: true$")),
    ("commit_message_pattern", pattern("regex", "(?m)^skip-checks: true$")),
    ("commit_message_pattern", pattern("contains", "slipway", negate=True)),
    ("commit_author_email_pattern", pattern("ends_with", "@nowhere.example")),
    ("committer_email_pattern", pattern("contains", "@")),
    ("tag_name_pattern", pattern("starts_with", "v")),
    ("file_path_restriction", {"restricted_file_paths": [".github/**/*"]}),
    ("file_path_restriction", {"restricted_file_paths": ["docs/**/*", "*.exe"]}),
    ("file_extension_restriction", {"restricted_file_extensions": ["*.yml"]}),
    ("file_extension_restriction", {"restricted_file_extensions": ["exe"]}),
    ("max_file_path_length", {"max_file_path_length": 12}),
    ("max_file_size", {"max_file_size": 1}),
)
#: Changes that a rule refuses by the verdict alone: it is not known, or not documented.
CAREFUL = {
    ("merge_queue", "create"),
    ("committer_email_pattern", "commit"),
}


class Administrator:
    """Sends requests about `acme/a`, by one connection."""

    def __init__(self, server: Server) -> None:
        self._place = f"{server.url}api/v3/repos/acme/a/"
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {TOKEN}"

    def __call__(self, method: str, path: str, body: object) -> requests.Response:
        """Send one request."""
        url = f"{self._place}{path}".rstrip("/")
        return self._session.request(method, url, json=body, timeout=10)


def tried(send: Administrator, change: Change, sha: str) -> bool:
    """Make a change as slipway does; return whether it was refused."""
    if change.kind == "create":
        body = {"ref": f"refs/heads/{change.branch}", "sha": sha}
        return not send("POST", "git/refs", body).ok
    if change.kind == "delete":
        return not send("DELETE", f"git/refs/heads/{change.branch}", None).ok
    (path,) = change.paths
    content = base64.b64encode(b"on: push\n").decode()
    message = commit_message(path, by_pull_request=False)
    body = {"message": message, "content": content, "branch": change.branch}
    return not send("PUT", f"contents/{path}", body).ok


def test_the_verdict_lets_nothing_pass_that_is_refused(github: Server) -> None:
    """Each rule alone, for a commit to main, a new branch and a deleted one."""
    send = Administrator(github)
    send("PATCH", "", {"private": True}).raise_for_status()
    session, careful = GitHub(github.url, TOKEN), set()
    for number, (kind, parameters) in enumerate(RULES):
        sha = send("GET", "git/ref/heads/main", None).json()["object"]["sha"]
        old = f"slipway/old-{number}"
        send("POST", "git/refs", {"ref": f"refs/heads/{old}", "sha": sha})
        push = kind.startswith(("file_", "max_"))
        rule = {"type": kind} | ({} if parameters is None else {"parameters": parameters})
        ruleset = {
            "name": kind,
            "target": "push" if push else "branch",
            "enforcement": "active",
            "conditions": None if push else {"ref_name": {"include": ["~ALL"], "exclude": []}},
            "rules": [rule],
        }
        made = send("POST", "rulesets", ruleset)
        assert made.ok, made.text
        judge = Judge(session, "acme/a", public=False)
        for change in (
            commits("main", [f"python-{number}.yml"], largest=9),
            creation(f"slipway/new-{number}"),
            deletion(old),
        ):
            rules = judge.of_branch(change.branch) or judge.of_name(change.branch)
            judged = bool(judge.refusing(change, rules))
            refused = tried(send, change, sha)
            assert judged or not refused, (kind, parameters, change.kind)
            if judged and not refused:
                careful.add((kind, change.kind))
        send("DELETE", f"rulesets/{made.json()['id']}", None).raise_for_status()
    assert careful == CAREFUL
