"""Refuse a fork's code if the workflow has the repository's own token and secrets.

As documented for actions/checkout from v6.1.0 on (`allow-unsafe-pr-checkout` in its action.yml): in
`workflow_run` and `pull_request_target`, if a fork's pull request started the workflow and the step
checks out that pull request. A branch of the repository itself with the same name is no fork's
code. Deliberately absent: the input that allows it, and another repository than the workflow's.
"""

import json
import os
import re
import sys
from collections.abc import Mapping
from typing import Any


def main() -> int:
    """Return an exit code that tells whether the step asks for a fork's code."""
    event = os.environ["GITHUB_EVENT_NAME"]
    if not is_a_forks(event, json.loads(os.environ["EVENT"]), os.environ["REF"]):
        return 0
    sys.stdout.write(
        f"::error::Refusing to check out fork pull request code from a '{event}' workflow.\n"
    )
    return 1


def is_a_forks(event: str, payload: Mapping[str, Any], ref: str) -> bool:
    """True if the ref or commit belongs to the fork's pull request that started the workflow."""
    if event == "pull_request_target":
        request = payload["pull_request"]
        head = request["head"]["repo"]
        commits = {request["head"]["sha"], request.get("merge_commit_sha")}
    elif event == "workflow_run" and payload["workflow_run"]["event"].startswith("pull_request"):
        run = payload["workflow_run"]
        head = run["head_repository"]
        commits = {run.get("head_commit", {}).get("id")}
        if run["event"] != "pull_request_target":
            commits.add(run["head_sha"])
    else:
        return False
    if head["id"] == payload["repository"]["id"]:
        return False
    return ref.lower() in commits or bool(re.fullmatch(r"refs/pull/\d+/(head|merge)", ref))


if __name__ == "__main__":
    sys.exit(main())
