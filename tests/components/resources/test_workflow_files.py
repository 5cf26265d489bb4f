from components.resources.workflow_files import WorkflowFiles, WorkflowFilesArgs
from tests.components.resources.conftest import Provision

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
    "keep": False,
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
        assert "[skip ci]" in file["commitMessage"]


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
