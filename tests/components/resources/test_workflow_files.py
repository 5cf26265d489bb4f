from functools import partial
from typing import Any

import pytest

from components.resources.workflow_files import WorkflowFiles, WorkflowFilesArgs
from components.resources.workflow_pull_request import WorkflowPullRequestArgs
from tests.components.resources.conftest import Provision
from tests.components.resources.options import Options

FILE = "github:index/repositoryFile:RepositoryFile"
BRANCH = "github:index/branch:Branch"
ARGS: WorkflowFilesArgs = {
    "repository": "billing",
    "files": {"python-dev.yml": "dev", "python-test.yml": "test", "python-prd.yml": "prd"},
    "branches": {
        "python-dev.yml": ["develop", "main"],
        "python-test.yml": ["main"],
        "python-prd.yml": ["main"],
    },
    "default_branch": "main",
    "existing_branches": [],
    "by_pull_request": {},
    "pull_requests": {},
    "keep": False,
}
ONE_FILE = {"one.yml": ["main"]}
REQUEST: WorkflowPullRequestArgs = {
    "owner": "acme",
    "repository": "billing",
    "branch": "develop",
    "head": "slipway/develop",
    "head_exists": False,
    "number": None,
    "files": {"python-dev.yml": "dev"},
    "body": "",
}


def test_each_file_is_committed_to_each_of_its_branches(provision: Provision) -> None:
    """Path, content and branch are exact, the default one unnamed; the commit starts no run."""
    files = provision(lambda: WorkflowFiles("billing", ARGS)).of(FILE)
    assert {name: (f.get("branch"), f["file"], f["content"]) for name, f in files.items()} == {
        "billing-python-dev.yml:develop": ("develop", ".github/workflows/python-dev.yml", "dev"),
        "billing-python-dev.yml:main": (None, ".github/workflows/python-dev.yml", "dev"),
        "billing-python-test.yml:main": (None, ".github/workflows/python-test.yml", "test"),
        "billing-python-prd.yml:main": (None, ".github/workflows/python-prd.yml", "prd"),
    }
    for file in files.values():
        assert file["repository"] == "billing"
        assert file["overwriteOnCreate"] is True
        path = file["file"]
        assert file["commitMessage"] == f"Manage {path} with slipway\n\n\nskip-checks: true"


def test_develop_is_made_from_the_default_branch(provision: Provision) -> None:
    """The branch that triggers dev exists before a file is committed to it."""
    branches = provision(lambda: WorkflowFiles("billing", ARGS)).of(BRANCH)
    assert branches == {
        "billing-branch:develop": {
            "repository": "billing",
            "branch": "develop",
            "sourceBranch": "main",
        }
    }


def test_the_default_branch_is_never_made(provision: Provision) -> None:
    """A repository that deploys dev from its default branch needs no other."""
    branches = dict(ARGS["branches"]) | {"python-dev.yml": ["main"]}
    args: WorkflowFilesArgs = {**ARGS, "branches": branches}
    recorder = provision(lambda: WorkflowFiles("billing", args))
    assert recorder.of(BRANCH) == {}
    assert len(recorder.of(FILE)) == 3


@pytest.mark.parametrize("keep", [False, True])
def test_files_of_a_branch_wait_for_each_other(provision: Provision, *, keep: bool) -> None:
    """One commit at a time on a branch; another branch is made from the finished default one."""

    def program() -> None:
        first = WorkflowFiles("first", {**ARGS, "files": {"one.yml": ""}, "branches": ONE_FILE})
        WorkflowFiles("billing", {**ARGS, "keep": keep}, after=[first])

    options = provision(program).options
    before = "RepositoryFile first-one.yml:main"
    for file in ("python-dev.yml", "python-test.yml", "python-prd.yml"):
        name = f"RepositoryFile billing-{file}:main"
        assert options[name] == _inside(before, retain_on_delete=keep)
        before = name
    branch = "Branch billing-branch:develop"
    # Never deleted: people work on it. Where it came from is no business of later runs.
    assert options[branch] == _inside(
        before, retain_on_delete=True, ignore_changes=("sourceBranch", "sourceSha")
    )
    on_branch = "RepositoryFile billing-python-dev.yml:develop"
    assert options[on_branch] == _inside(branch, before, retain_on_delete=keep)
    assert options["WorkflowFiles billing"] == Options()


def test_a_branch_that_exists_is_adopted(provision: Provision) -> None:
    """It is imported under the provider's own id; one that is missing is made."""
    for existing, expected in (([], ""), (["develop"], "billing:develop")):
        args: WorkflowFilesArgs = {**ARGS, "existing_branches": existing}
        options = provision(partial(WorkflowFiles, "billing", args)).options
        assert options["Branch billing-branch:develop"].import_id == expected


def test_what_is_imported_waits_for_nothing(provision: Provision) -> None:
    """Pulumi would never end if it left out an import because an earlier resource failed.

    What comes after an import waits for what came before it.
    """
    there = {"develop": ["python-dev.yml"]}
    request: WorkflowPullRequestArgs = {**REQUEST, "head_exists": True}
    args: WorkflowFilesArgs = {**ARGS, "existing_branches": ["develop"], "by_pull_request": there}
    wanted: WorkflowFilesArgs = {**args, "pull_requests": {"develop": request}}
    options = provision(partial(WorkflowFiles, "billing", wanted)).options
    imported = [name for name, one in options.items() if one.import_id]
    assert len(imported) == 3
    assert all(not options[name].after for name in imported)
    last = "RepositoryFile billing-python-prd.yml:main"
    head = "slipway/develop"
    assert last in options[f"RepositoryFile billing-{head}-python-dev.yml:{head}"].after


def test_a_missing_branch_that_gets_its_files_by_pull_request_has_none_of_them(
    provision: Provision,
) -> None:
    """Made from a finished main it would have them, and the request would change nothing.

    It is made after the files of main alone, whose commit starts no run, and before the others.
    """
    args: WorkflowFilesArgs = {
        **ARGS,
        "by_pull_request": {"develop": []},
        "pull_requests": {"develop": REQUEST},
    }
    options = provision(partial(WorkflowFiles, "billing", args)).options
    test = "RepositoryFile billing-python-test.yml:main"
    prod, branch = "RepositoryFile billing-python-prd.yml:main", "Branch billing-branch:develop"
    assert options[prod].after == {test}
    assert options[branch].after == {prod}
    assert branch in options["RepositoryFile billing-python-dev.yml:main"].after
    head = "Branch billing-slipway/develop-branch"
    assert {branch, "RepositoryFile billing-python-dev.yml:main"} <= options[head].after
    assert "RepositoryFile billing-python-dev.yml:develop" not in options


def test_a_missing_branch_waits_for_nothing_where_main_takes_no_commits(
    provision: Provision,
) -> None:
    """All files arrive by pull request: main does not change, and develop is made from it."""
    args: WorkflowFilesArgs = {**ARGS, "by_pull_request": {"develop": [], "main": []}}
    recorder = provision(partial(WorkflowFiles, "billing", args))
    assert recorder.of(FILE) == {}
    assert recorder.options["Branch billing-branch:develop"].after == frozenset()


def _inside(*before: str, **more: Any) -> Options:
    """Options of what is inside the component and comes after something."""
    return Options(parent="WorkflowFiles billing", after=frozenset(before), **more)
