"""Five repositories whose workflow files arrive and leave by pull request, in one stack."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.e2e.conftest import ONE_ACCOUNT, ONLY_DEV, Project, World, new_project, running_world

ALL = ["python-dev.yml", "python-prd.yml", "python-test.yml"]
DEV = ALL[:1]
#: How each repository's pull request ends, and the repository's files; `direct` gets its rules only
#: after its first `up`.
FILES = {"squash": ALL, "merge": DEV, "rebase": DEV, "closed": ALL, "direct": DEV}
STORIES = tuple(FILES)
#: Default branches other than main, and the owner's private repositories; its plan is Team.
DEFAULT = {"merge": "master"}
PRIVATE = frozenset({"squash", "direct"})
#: A workflow of the repository that has the same name as one of slipway's.
GROWN = {"rebase": {".github/workflows/python-dev.yml": "name: ours\non: workflow_dispatch\n"}}
#: This user opens a pull request in `direct`, from a branch with a name like slipway's.
STRANGER = {"token": "stranger", "login": "octocat"}
RULESET = {
    "name": "reviewed",
    "enforcement": "active",
    "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"]}},
    "rules": [{"type": "pull_request"}],
}
#: The check that `merge` requires.
CHECK = "build"
_CHECKS = {
    "required_status_checks": [{"context": CHECK}],
    "strict_required_status_checks_policy": False,
}
#: Rulesets that refuse commits in three ways; `rebase` has the one that demands pull requests.
RULESETS = {
    "squash": RULESET | {"rules": [{"type": "required_signatures"}]},
    "merge": RULESET | {"rules": [{"type": "required_status_checks", "parameters": _CHECKS}]},
    "rebase": RULESET,
}
#: Classic protection that holds for administrators as well.
CLASSIC = {
    "required_pull_request_reviews": {"required_approving_review_count": 1},
    "enforce_admins": True,
    "required_status_checks": None,
    "restrictions": None,
}
OTHER = "timeout_minutes: 30\n"
NOW = "offboarding: {now: true}\n"
#: How the pull request ends that removes the files of a repository.
REMOVED = {"squash": "squash", "merge": "rebase", "rebase": ""}


class Seen(NamedTuple):
    """The facts that are observed at one moment of the story."""

    pulls: dict[str, list[dict[str, Any]]]
    """slipway's pull requests by repository, the oldest first."""
    others: list[dict[str, Any]]
    """The stranger's."""
    files: dict[str, dict[str, str]]
    """Git's id of each workflow file on the default branch, by repository and name."""
    branches: dict[str, list[str]]
    """Names of branches by repository."""
    changes: dict[str, str]
    """The changes of a preview."""
    drift: dict[tuple[str, str], Mapping[str, Any]]
    """Findings of `slipway drift --no-preview`, by repository and rule."""


class Story(NamedTuple):
    """The moments, in this order."""

    opened: Seen
    """The first `up` has run."""
    adopted: Mapping[str, Any]
    """The stack had forgotten `rebase`, which was merged, and `closed`, whose request was open for
    other content than its file declared at that moment; it adopted both: the JSON of that."""
    noted: str
    """What `slipway validate --live` says before the second `up`."""
    ended: Seen
    """The requests were merged or closed; `direct` has rules and other content."""
    changed: Seen
    """`closed` and `direct` have other content, the three others are offboarded."""
    refused: str
    """What `slipway up` said before that, when the file of `merge` had just been removed."""
    gone: Seen
    """The requests that remove their files were merged or closed; `direct` has no rules; the
    file of `closed`, whose request is open, was removed."""
    free: str
    """What `slipway validate --live` says when the owner has the plan Free."""


def declared(name: str, more: str = "") -> str:
    """Return a declaration whose only branch is the default one."""
    branch = DEFAULT.get(name, "main")
    branches = f"branches: {{dev: {branch}, test: {branch}, prod: {branch}}}\n"
    environments = ONLY_DEV if FILES[name] == DEV else ""
    return f"repository: {name}\n{branches}{environments}{more}"


def look(project: Project) -> Seen:
    """Look at everything, without changing it."""
    pulls, files, others, branches = {}, {}, [], {}
    for name in STORIES:
        path = f"repos/acme/{name}"
        query = "state=all&sort=created&direction=asc"
        found = project.world.github("GET", f"{path}/pulls?{query}")
        others += [one for one in found if one["user"]["login"] == STRANGER["login"]]
        pulls[name] = [one for one in found if one["user"]["login"] != STRANGER["login"]]
        there = project.world.github("GET", f"{path}/branches?per_page=100")
        branches[name] = [one["name"] for one in there]
        branch = DEFAULT.get(name, "main")
        tree = project.world.github("GET", f"{path}/git/trees/{branch}?recursive=1")["tree"]
        files[name] = {
            one["path"].removeprefix(".github/workflows/"): one["sha"]
            for one in tree
            if one["path"].startswith(".github/workflows/")
        }
    drift = json.loads(project.slipway("drift", "s", "--no-preview", "--json", expect=None).stdout)
    findings = {(one["repository"], one["rule"]): one for one in drift["stacks"][0]["findings"]}
    return Seen(pulls, others, files, branches, project.changes("s", "--refresh"), findings)


def tell(folder: Path) -> Story:
    """Run everything: files arrive, are merged, closed and changed, and leave."""
    with running_world(folder) as world:
        acme = {"login": "acme", "plan": "team", "admins": ["monalisa"]}
        seed = {"organizations": [acme], "repositories": [seeded(name) for name in STORIES]}
        world.control("POST", "seed", seed | {"tokens": [STRANGER]})
        open_strangely(world)
        for name, ruleset in RULESETS.items():
            world.github("POST", f"repos/acme/{name}/rulesets", ruleset)
        world.github("PUT", "repos/acme/closed/branches/main/protection", CLASSIC)
        world.github("PATCH", "repos/acme/merge", {"delete_branch_on_merge": True})
        project = new_project(world, folder)
        project.new_stack("s", ONE_ACCOUNT, **{name: declared(name) for name in STORIES})
        project.up("s")
        opened = look(project)
        for name in STORIES[:3]:
            merge(world, name, opened, name)
        world.github("POST", "repos/acme/direct/rulesets", RULESET)
        project.write("stacks/s/closed.yaml", declared("closed", OTHER))
        adopted = adopted_again(project, "rebase", "closed")
        project.write("stacks/s/closed.yaml", declared("closed"))
        (request,) = opened.pulls["closed"]
        world.control("POST", f"pulls/acme/closed/{request['number']}/close")
        project.write("stacks/s/direct.yaml", declared("direct", OTHER))
        noted = validated(project)
        project.slipway("up", "s", "--yes")
        ended = look(project)
        (project.folder / "stacks/s/merge.yaml").unlink()
        refused = project.slipway("up", "s", "--yes", expect=5).stderr
        for name in STORIES:
            more = NOW if name in REMOVED else "profile: strict\n"
            project.write(f"stacks/s/{name}.yaml", declared(name, more))
        project.slipway("up", "s", "--yes", "--accept")
        changed = look(project)
        for name, method in REMOVED.items():
            if method:
                merge(world, name, changed, method)
            else:
                number = changed.pulls[name][-1]["number"]
                world.control("POST", f"pulls/acme/{name}/{number}/close")
        (ruleset,) = world.github("GET", "repos/acme/direct/rulesets")
        world.github("DELETE", f"repos/acme/direct/rulesets/{ruleset['id']}")
        (project.folder / "stacks/s/closed.yaml").unlink()
        project.slipway("up", "s", "--yes", "--accept")
        gone = look(project)
        world.control("PATCH", "accounts/acme", {"plan": "free"})
        free = validated(project, expect=2)
        return Story(opened, adopted, noted, ended, changed, refused, gone, free)


def validated(project: Project, expect: int = 0) -> str:
    """Return all that `slipway validate --live` says."""
    done = project.slipway("validate", "s", "--live", expect=expect)
    return done.stdout + done.stderr


def seeded(name: str) -> dict[str, Any]:
    """Return the seed of a repository of the story."""
    files = {"README.md": "# Read me", **GROWN.get(name, {})}
    place = {"owner": "acme", "name": name, "default_branch": DEFAULT.get(name, "main")}
    writers = {STRANGER["login"]: "push"}
    return place | {"private": name in PRIVATE, "files": files, "collaborators": writers}


def open_strangely(world: World) -> None:
    """Open a pull request of another user, from a branch with a name like slipway's."""
    path, head = "repos/acme/direct", "slipway/main-aaaaaaaaaa"
    sha = world.github("GET", f"{path}/git/ref/heads/main")["object"]["sha"]
    world.github("POST", f"{path}/git/refs", {"ref": f"refs/heads/{head}", "sha": sha})
    commit = {"message": "Mine", "content": "bWluZQo=", "branch": head}
    world.github("PUT", f"{path}/contents/mine.txt", commit)
    request = {"title": "Mine", "body": "No word of slipway", "head": head, "base": "main"}
    other = World(world.record, world.environment)
    other.session.headers["Authorization"] = f"Bearer {STRANGER['token']}"
    other.github("POST", f"{path}/pulls", request)


def merge(world: World, name: str, seen: Seen, method: str) -> None:
    """Merge the newest pull request of a repository, after the check that one of them requires."""
    request = seen.pulls[name][-1]
    if name == "merge":
        check = {"ref": request["head"]["sha"], "context": CHECK}
        world.control("PUT", f"checks/acme/{name}", check)
    world.control("POST", f"pulls/acme/{name}/{request['number']}/merge", {"method": method})


def adopted_again(project: Project, *names: str) -> Mapping[str, Any]:
    """Make the stack forget repositories, and adopt them: the JSON of the adoption."""
    for name in names:
        urn = f"urn:pulumi:s::slipway::slipway:index:OnboardedRepository::{name}"
        project.pulumi("state", "delete", "--target-dependents", "--yes", urn, "--stack", "s")
    adoption: Mapping[str, Any] = json.loads(
        project.slipway("adopt", "s", *names, "--yes", "--json").stdout
    )
    return adoption
