"""Workflow files of branches whose rules refuse commits arrive by pull request."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from tests.e2e.conftest import ONE_ACCOUNT, Project, World, new_project, running_world

FILES = ["python-dev.yml", "python-prd.yml", "python-test.yml"]
#: How each repository's pull request ends; `direct` has rules only after its first `up`.
STORIES = ("squash", "merge", "rebase", "closed", "direct")
#: Default branches other than main, and the owner's private repositories; its plan is Team.
DEFAULT = {"merge": "master"}
PRIVATE = frozenset({"squash", "direct"})
#: A workflow of its own that has the name of one of slipway's.
GROWN = {"rebase": {".github/workflows/python-dev.yml": "name: ours\non: workflow_dispatch\n"}}
#: Opens a pull request in `direct`, from a branch with a name like slipway's.
STRANGER = {"token": "stranger", "login": "octocat"}
RULESET = {
    "name": "reviewed",
    "enforcement": "active",
    "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"]}},
    "rules": [{"type": "pull_request"}],
}
OTHER = "timeout_minutes: 30\n"
NOW = "offboarding: {now: true}\n"
#: How the pull request ends that removes the files of a repository.
REMOVED = {"squash": "squash", "merge": "rebase", "rebase": ""}


class Seen(NamedTuple):
    """What one moment of the story looks like."""

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
    """`rebase` was merged, and the stack that had forgotten it has adopted it: the JSON of that."""
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
    return f"repository: {name}\n{branches}{more}"


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


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Five repositories whose files arrive, are merged, closed and changed, in one stack."""
    folder = tmp_path_factory.mktemp("delivery")
    with running_world(folder) as world:
        acme = {"login": "acme", "plan": "team", "admins": ["monalisa"]}
        seed = {"organizations": [acme], "repositories": [seeded(name) for name in STORIES]}
        world.control("POST", "seed", seed | {"tokens": [STRANGER]})
        open_strangely(world)
        for name in STORIES[:4]:
            world.github("POST", f"repos/acme/{name}/rulesets", RULESET)
        world.github("PATCH", "repos/acme/merge", {"delete_branch_on_merge": True})
        project = new_project(world, folder)
        project.new_stack("s", ONE_ACCOUNT, **{name: declared(name) for name in STORIES})
        project.up("s")
        opened = look(project)
        for name in STORIES[:3]:
            (request,) = opened.pulls[name]
            route = f"pulls/acme/{name}/{request['number']}/merge"
            world.control("POST", route, {"method": name})
        (request,) = opened.pulls["closed"]
        world.control("POST", f"pulls/acme/closed/{request['number']}/close")
        world.github("POST", "repos/acme/direct/rulesets", RULESET)
        adopted = adopted_again(project, "rebase")
        project.write("stacks/s/direct.yaml", declared("direct", OTHER))
        noted = project.slipway("validate", "s", "--live").stderr
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
            number = changed.pulls[name][-1]["number"]
            end = ("merge", {"method": method}) if method else ("close", None)
            world.control("POST", f"pulls/acme/{name}/{number}/{end[0]}", end[1])
        (ruleset,) = world.github("GET", "repos/acme/direct/rulesets")
        world.github("DELETE", f"repos/acme/direct/rulesets/{ruleset['id']}")
        (project.folder / "stacks/s/closed.yaml").unlink()
        project.slipway("up", "s", "--yes", "--accept")
        gone = look(project)
        world.control("PATCH", "accounts/acme", {"plan": "free"})
        free = project.slipway("validate", "s", "--live", expect=2).stderr
        yield Story(opened, adopted, noted, ended, changed, refused, gone, free)


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


def adopted_again(project: Project, name: str) -> Mapping[str, Any]:
    """Make the stack forget a repository, and adopt it: the JSON of the adoption."""
    urn = f"urn:pulumi:s::slipway::slipway:index:OnboardedRepository::{name}"
    project.pulumi("state", "delete", "--target-dependents", "--yes", urn, "--stack", "s")
    adoption: Mapping[str, Any] = json.loads(
        project.slipway("adopt", "s", name, "--yes", "--json").stdout
    )
    return adoption


def test_one_request_is_opened_for_each_protected_branch(story: Story) -> None:
    """It has the files and says where they come from; main has none of them, and is not written."""
    for name in STORIES[:4]:
        (request,) = story.opened.pulls[name]
        branch = DEFAULT.get(name, "main")
        assert (request["state"], request["base"]["ref"]) == ("open", branch)
        assert request["title"] == f"Update slipway's workflow files on {branch}"
        assert "stacks/s/" in request["body"]
        assert all(f"`.github/workflows/{file}`" in request["body"] for file in FILES)
        assert len(story.opened.files[name]) == len(GROWN.get(name, {}))
    assert story.opened.pulls["direct"] == []
    assert sorted(story.opened.files["direct"]) == FILES


def test_a_workflow_of_the_same_name_is_replaced_by_the_request(story: Story) -> None:
    """Before the merge it is untouched, and a finding of its own."""
    theirs, ours = story.opened.files["rebase"], story.ended.files["rebase"]
    assert list(theirs) == ["python-dev.yml"]
    assert ours["python-dev.yml"] != theirs["python-dev.yml"]
    assert ("rebase", "workflow/content") in story.opened.drift


def test_a_pull_request_of_others_is_left_alone(story: Story) -> None:
    """Its branch is named like slipway's; `validate --live` names it, slipway opens its own."""
    (before,), (after,) = story.opened.others, story.gone.others
    assert (after["state"], after["title"], after["body"]) == ("open", "Mine", before["body"])
    assert after["head"]["sha"] == before["head"]["sha"]
    place = "stacks/s/direct.yaml:1: repository: "
    assert f"{place}{before['html_url']} is not slipway's" in story.noted
    (own,) = story.ended.pulls["direct"]
    assert own["head"]["ref"] != before["head"]["ref"]


def test_a_private_repository_without_environments_is_refused(story: Story) -> None:
    """With the plan Free it has neither rules nor environments; its line says so."""
    assert "stacks/s/direct.yaml:1: repository: acme/direct is not public" in story.free


def test_files_that_would_stay_are_named_before_an_offboarding(story: Story) -> None:
    """A file that was just removed: nothing is changed, and the reason names the way out."""
    assert "merge: the rules of master refuse commits, so python-" in story.refused
    assert "`offboarding: {now: true}`" in story.refused
    assert "nothing was changed" in story.refused


def test_a_second_run_opens_no_second_request(story: Story) -> None:
    """While they are open, a preview with a refresh is empty."""
    assert story.opened.changes == {}


def test_drift_has_an_open_request_with_its_link(story: Story) -> None:
    """It tells since when, where, and that a person merges it."""
    for name in STORIES[:4]:
        (request,) = story.opened.pulls[name]
        found = story.opened.drift[name, "workflow/pull_request_open"]
        assert found["live"] == f"open since {request['created_at']}: {request['html_url']}"
        assert found["repair"] == "by hand"
    assert ("direct", "workflow/pull_request_open") not in story.opened.drift


@pytest.mark.parametrize("name", STORIES[:3])
def test_a_merged_request_is_done(story: Story, name: str) -> None:
    """Merged in any way, its branch deleted or not: the files are there, nothing is made again."""
    (request,) = story.ended.pulls[name]
    assert request["merged_at"]
    assert sorted(story.ended.files[name]) == FILES
    assert not [key for key in story.ended.changes if key.startswith(name)]
    assert not [rule for repository, rule in story.ended.drift if repository == name]


def test_a_request_that_its_owner_closed_is_told_and_not_opened_again(story: Story) -> None:
    """Drift has it; a preview is empty; only other content opens another one."""
    (request,) = story.ended.pulls["closed"]
    assert request["state"] == "closed"
    found = story.ended.drift["closed", "workflow/pull_request_closed"]
    assert found["live"] == f"closed since {request['closed_at']}: {request['html_url']}"
    assert story.ended.changes == {}
    first, second = story.changed.pulls["closed"]
    assert (first["state"], second["state"]) == ("closed", "open")
    assert ("closed", "workflow/pull_request_open") in story.changed.drift


def test_rules_that_come_later_change_only_the_way(story: Story) -> None:
    """Files that were committed stay, untouched; new content comes by a request."""
    assert story.ended.files["direct"] == story.opened.files["direct"]
    (request,) = story.ended.pulls["direct"]
    assert (request["state"], request["base"]["ref"]) == ("open", "main")


def test_new_content_updates_the_open_request(story: Story) -> None:
    """The same request gets further commits, and its text names the new content."""
    (before,), (after,) = story.ended.pulls["direct"], story.changed.pulls["direct"]
    assert after["number"] == before["number"]
    assert after["head"]["sha"] != before["head"]["sha"]
    assert after["body"] != before["body"]
    assert story.changed.changes == {}


def test_files_that_arrived_by_pull_request_are_adopted_without_a_change(story: Story) -> None:
    """The adoption lists no file, and the next `up` changes nothing.

    GitHub tells `prevent_self_review` with reviewers only, so an import lacks it (adoption.md).
    """
    assert {one["field"] for one in story.adopted["changes"]} == {"prevent_self_review"}
    assert story.ended.files["rebase"] == story.changed.files["rebase"]
    assert not [key for key in story.ended.changes if key.startswith("rebase")]


@pytest.mark.parametrize("name", REMOVED)
def test_an_offboarded_repository_loses_its_files_by_pull_request(story: Story, name: str) -> None:
    """One request removes them; it says why, drift has it, and a preview is empty meanwhile."""
    *_, request = pulls = story.changed.pulls[name]
    assert [one["state"] for one in pulls] == ["closed", "open"]
    branch = DEFAULT.get(name, "main")
    assert request["title"] == f"Remove slipway's workflow files from {branch}"
    assert f"stacks/s/{name}.yaml" in request["body"]
    assert all(f"`.github/workflows/{file}`" in request["body"] for file in FILES)
    assert sorted(story.changed.files[name]) == FILES
    found = story.changed.drift[name, "workflow/pull_request_open"]
    assert found["live"] == f"open since {request['created_at']}: {request['html_url']}"


@pytest.mark.parametrize("name", [name for name, method in REMOVED.items() if method])
def test_a_merged_removal_is_done(story: Story, name: str) -> None:
    """The files are gone, no further request is opened, and drift is silent."""
    assert story.gone.files[name] == {}
    assert len(story.gone.pulls[name]) == len(story.changed.pulls[name])
    assert not [rule for repository, rule in story.gone.drift if repository == name]


def test_an_offboarding_leaves_no_branch_and_no_request_of_slipways(story: Story) -> None:
    """A request that brings files is closed; its branch goes, and so does that of a merged removal.

    The branch of a removal that its owner closed stays: it may be opened again.
    """
    first, second = story.gone.pulls["closed"]
    assert (first["state"], second["state"]) == ("closed", "closed")
    heads = {name: story.gone.pulls[name][-1]["head"]["ref"] for name in STORIES}
    left = {name for name, head in heads.items() if head in story.gone.branches[name]}
    assert left == {"rebase", "direct"}


def test_a_closed_removal_is_told_and_not_opened_again(story: Story) -> None:
    """The files stay; drift has the request."""
    assert sorted(story.gone.files["rebase"]) == FILES
    assert [one["state"] for one in story.gone.pulls["rebase"]] == ["closed", "closed"]
    assert ("rebase", "workflow/pull_request_closed") in story.gone.drift


def test_without_rules_files_are_committed_again(story: Story) -> None:
    """What the open request brings is committed, and nothing is left to change."""
    assert sorted(story.gone.files["direct"]) == FILES
    assert story.gone.files["direct"] != story.changed.files["direct"]
    assert story.gone.changes == {}


def started(world: World, name: str) -> list[list[str]]:
    """Workflow files that each push to main has started, in order."""
    events = world.control("GET", f"events/acme/{name}")
    pushes = [one for one in events if one["event"] == "push" and one["ref"] == "refs/heads/main"]
    return [one["runs"] for one in pushes]


def test_slipways_commits_start_nothing_and_stop_no_later_merge(
    project: Project,
) -> None:
    """A squash, a merge and a rebase of develop start python-test, with slipway's commits in it."""
    world = project.world
    names = ("squash", "merge", "rebase")
    files = {"README.md": "# Read me"}
    seeds = [{"owner": "acme", "name": name, "files": files} for name in names]
    world.control("POST", "seed", {"repositories": seeds})
    project.new_stack("s", ONE_ACCOUNT, **{name: f"repository: {name}\n" for name in names})
    project.up("s")
    for name in names:
        path = f"repos/acme/{name}"
        assert not [files for files in started(world, name) if files]
        commit = {"message": "Add a module", "content": "eCA9IDEK", "branch": "develop"}
        world.github("PUT", f"{path}/contents/module.py", commit)
        request = {"title": "A release", "head": "develop", "base": "main"}
        number = world.github("POST", f"{path}/pulls", request)["number"]
        world.control("POST", f"pulls/acme/{name}/{number}/merge", {"method": name})
        assert ".github/workflows/python-test.yml" in started(world, name)[-1]


def test_rules_on_every_branch_hold_for_one_that_slipway_creates(project: Project) -> None:
    """Dev's branch is made, and gets its files by a request of its own, in the same run as main."""
    world = project.world
    seed = {"owner": "acme", "name": "all", "files": {"README.md": "# Read me"}}
    world.control("POST", "seed", {"repositories": [seed]})
    names = {"include": ["~ALL"], "exclude": ["refs/heads/slipway/**/*"]}
    world.github("POST", "repos/acme/all/rulesets", RULESET | {"conditions": {"ref_name": names}})
    project.new_stack("s", ONE_ACCOUNT, all="repository: all\n")
    project.up("s")
    opened = world.github("GET", "repos/acme/all/pulls")
    assert {one["base"]["ref"] for one in opened} == {"develop", "main"}
    for one in opened:
        world.control("POST", f"pulls/acme/all/{one['number']}/merge", {"method": "squash"})
    project.up("s")
    assert project.changes("s", "--refresh") == {}
