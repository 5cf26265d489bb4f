"""The scripts that ask GitHub which commit may be deployed, against the emulated GitHub."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from components.documents.workflows import commit_scripts as scripts
from sandbox.github import Store, serve
from sandbox.github.creation import signature
from sandbox.github.planting import plant
from sandbox.github.repositories import Repository
from sandbox.github.seed import Seed
from sandbox.github.workflow_runs import WorkflowRun
from tests.components.documents.workflows.parsed import deploy, rendered
from tests.components.documents.workflows.runner import Runner

pytestmark = pytest.mark.shell

LAYER = ".github/workflows/layer.yml"
PROD = ".github/workflows/python-prd.yml"
FILES = {LAYER: "on: push\n", PROD: "on: push\n"}
WORLD = {
    "users": [{"login": "octocat"}, {"login": "stranger"}],
    "repositories": [
        {"owner": "octocat", "name": "billing", "files": FILES},
        {"owner": "stranger", "name": "billing", "files": FILES},
    ],
    "tokens": [{"token": "secret", "login": "octocat"}],
}


@dataclass(frozen=True)
class World:
    """A repository, its fork, and a job's workspace."""

    store: Store
    runner: Runner
    url: str

    def repository(self, owner: str = "octocat") -> Repository:
        """The repository, or the fork."""
        found = self.store.repository(owner, "billing")
        assert found is not None
        return found

    def commit(self, branch: str, owner: str = "octocat") -> str:
        """Add a commit to a branch, which starts at main; return the commit."""
        git, account = self.repository(owner).git, self.store.account(owner)
        assert account is not None
        if branch not in git.branches():
            git.set_ref(f"refs/heads/{branch}", git.branches()["main"])
        who = signature(account)
        files = {f"{branch}.txt": str(self.store.next_id()).encode()}
        git.commit_files(branch, {**files}, "Work", who, who)
        return git.branches()[branch]

    def tag(self, name: str, sha: str) -> None:
        """Set a tag to a commit."""
        self.repository().git.set_ref(f"refs/tags/{name}", sha)

    def ran(
        self,
        path: str,
        commit: str,
        *,
        owner: str = "octocat",
        event: str = "push",
        title: str = "",
    ) -> int:
        """Add a successful run that a push to `main`, or to a tag of this name, has started."""
        run = WorkflowRun(
            id=self.store.next_id(),
            number=1,
            repository=self.repository(),
            head_repository=self.repository(owner),
            event=event,
            head_branch="main",
            head_sha=commit,
            path=path,
            actor=owner,
            title=title,
            conclusion="success",
        )
        self.store.workflow_runs[run.id] = run
        return run.id

    @property
    def env(self) -> dict[str, str]:
        """Return the environment variables of every step."""
        return {
            "GITHUB_API_URL": f"{self.url}api/v3",
            "GITHUB_REPOSITORY": "octocat/billing",
            "GITHUB_RUN_ATTEMPT": "1",
            "GH_TOKEN": "secret",
            "BRANCH": "main",
        }


@pytest.fixture(params=[(), ("-o", "pipefail")], ids=["", "pipefail"])
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    """Serve the world."""
    store = Store()
    plant(store, Seed.model_validate(WORLD))
    server = serve(store)
    yield World(store, Runner(tmp_path, *request.param), server.url)
    server.stop()


def test_the_branchs_last_commit_passes_in_silence(world: World) -> None:
    """The branch's last commit passes without a message, even if a tag has the branch's name."""
    tested = world.commit("main")
    world.tag("main", world.commit("elsewhere"))
    assert world.runner.run(scripts.CHECK_ON_BRANCH, **world.env, COMMIT=tested) == ""


def test_an_older_commit_of_the_branch_is_said_to_be_one(world: World) -> None:
    """A warning names an older commit of the branch, and the newest one."""
    tested, newest = world.commit("main"), world.commit("main")
    log = world.runner.run(scripts.CHECK_ON_BRANCH, **world.env, COMMIT=tested)
    assert log.startswith("::warning title=Not the newest commit::")
    assert tested in log
    assert newest in log


@pytest.mark.parametrize("moved", [False, True])
def test_a_commit_of_a_tag_alone_is_refused(world: World, *, moved: bool) -> None:
    """A commit that is only on a tag of the branch's name is refused: any writer may push tags."""
    tested = world.commit("elsewhere")
    world.tag("main", tested)
    if moved:
        world.commit("main")
    world.repository().git.delete_ref("refs/heads/elsewhere")
    log = world.runner.fail(scripts.CHECK_ON_BRANCH, **world.env, COMMIT=tested)
    assert log.startswith("::error title=Not on the branch::")


def test_what_github_does_not_answer_is_no_permission(world: World) -> None:
    """If GitHub does not answer, the job fails, and no message has the token."""
    env = world.env | {"BRANCH": "gone", "COMMIT": world.commit("main")}
    assert "secret" not in world.runner.fail(scripts.CHECK_ON_BRANCH, **env)


@pytest.mark.parametrize(("attempt", "deployed"), [("1", False), ("2", True)])
def test_no_older_commit_comes_after_a_newer_one(
    world: World, attempt: str, *, deployed: bool
) -> None:
    """A repeated test run is refused; prod's own run, repeated by hand, deploys with a warning."""
    old, new = world.commit("main"), world.commit("main")
    world.ran(PROD, new, title=f"python-prd {new}")
    env = world.env | {"TESTED": old, "GITHUB_RUN_ATTEMPT": attempt, "WORKFLOW": "python-prd.yml"}
    log = (world.runner.run if deployed else world.runner.fail)(scripts.CHECK_ORDER, **env)
    assert log.startswith(f"::warning title=Older than what is deployed::{old} comes before {new}")
    assert ("::error title=Not deployed::" in log) == (not deployed)


@pytest.mark.parametrize("before", ["nothing", "unnamed", "the same", "an older one"])
def test_a_newer_commit_is_deployed(world: World, before: str) -> None:
    """A commit is deployed silently if prod's earlier runs name no newer one."""
    older, tested = world.commit("main"), world.commit("main")
    titles = {"unnamed": "python-prd", "the same": f"x {tested}", "an older one": f"x {older}"}
    if before in titles:
        world.ran(PROD, older, title=titles[before])
    env = world.env | {"TESTED": tested, "WORKFLOW": "python-prd.yml"}
    assert world.runner.run(scripts.CHECK_ORDER, **env) == ""


def test_a_producer_is_a_push_to_the_branch_of_this_repository(world: World) -> None:
    """Only a push to this repository's branch makes a producer: no fork, tag or other event."""
    wanted = world.ran(LAYER, world.commit("main"))
    world.ran(LAYER, world.commit("main", "stranger"), owner="stranger")
    world.ran(LAYER, world.commit("main"), owner="stranger")
    world.ran(LAYER, world.commit("main"), event="pull_request")
    tagged = world.commit("elsewhere")
    world.tag("main", tagged)
    world.ran(LAYER, tagged)
    world.runner.run(scripts.FIND_PRODUCER, **world.env, WORKFLOW="layer.yml")
    assert world.runner.output == f"run={wanted}\n"


def test_without_a_producer_the_run_says_what_to_do(world: World) -> None:
    """Without a producer the job fails with advice; a fork's run does not count."""
    world.ran(LAYER, world.commit("main", "stranger"), owner="stranger")
    log = world.runner.fail(scripts.FIND_PRODUCER, **world.env, WORKFLOW="layer.yml")
    assert log.startswith("::error title=No artifact::no push to main has run layer.yml")
    assert world.runner.output == ""


@pytest.mark.parametrize("branch", ["main", "feature/50%#1&x+y"])
def test_a_branchs_name_stays_one_in_a_url(world: World, branch: str) -> None:
    """Both steps ask GitHub for the declared branch, whatever characters its name has."""
    declared = {
        "branches": {"test": branch, "prod": branch},
        "artifacts": {"downloads": [{"workflow": "layer.yml", "artifact": "a", "path": "a"}]},
    }
    workflow = rendered("prod", **declared)
    (check,) = workflow["jobs"]["python-tested"]["steps"]
    (find,) = (step for step in deploy(workflow)["steps"] if step.get("id") == "producer-0")
    given = [{"BRANCH": step["env"]["BRANCH"]} for step in (check, find)]
    tested = world.commit(branch)
    wanted = world.ran(LAYER, tested)
    world.store.workflow_runs[wanted].head_branch = branch
    assert world.runner.run(check["run"], **world.env | given[0], COMMIT=tested) == ""
    world.runner.run(find["run"], **world.env | given[1], WORKFLOW="layer.yml")
    assert world.runner.output == f"run={wanted}\n"
