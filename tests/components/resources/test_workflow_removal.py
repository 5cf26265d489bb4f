from components.resources.workflow_removal import WorkflowRemoval, WorkflowRemovalArgs
from tests.components.resources.conftest import Provision

BRANCH = "github:index/branch:Branch"
REQUEST = "github:index/repositoryPullRequest:RepositoryPullRequest"
ARGS: WorkflowRemovalArgs = {
    "owner": "acme",
    "repository": "billing",
    "branch": "main",
    "head": "slipway/offboarding/main-0123456789",
    "head_exists": False,
    "number": None,
    "paths": [".github/workflows/python-dev.yml"],
    "title": "Remove",
    "body": "Why",
}
NAME = f"billing-{ARGS['head']}"


def test_a_removal_is_a_branch_and_a_request_that_stay(provision: Provision) -> None:
    """The request comes after its branch, and both stay on GitHub when a later run omits them."""
    recorder = provision(lambda: WorkflowRemoval(NAME, ARGS, delete=print))
    assert recorder.of(BRANCH)[f"{NAME}-branch"] == {
        "repository": "billing",
        "branch": ARGS["head"],
        "sourceBranch": "main",
    }
    assert recorder.of(REQUEST)[f"{NAME}-pull-request"] == {
        "baseRepository": "billing",
        "baseRef": "main",
        "headRef": ARGS["head"],
        "title": "Remove",
        "body": "Why",
    }
    branch = f"{BRANCH.rpartition(':')[2]} {NAME}-branch"
    request = recorder.options[f"{REQUEST.rpartition(':')[2]} {NAME}-pull-request"]
    assert branch in request.after
    assert request.retain_on_delete
    assert recorder.options[branch].retain_on_delete


def test_what_exists_is_imported(provision: Provision) -> None:
    """An existing branch and request are imported, so a lost state causes no second request."""
    there: WorkflowRemovalArgs = {**ARGS, "head_exists": True, "number": 7}
    recorder = provision(lambda: WorkflowRemoval(NAME, there, delete=print))
    imports = {name.split(" ")[0]: found.import_id for name, found in recorder.options.items()}
    assert imports["Branch"] == f"billing:{ARGS['head']}"
    assert imports["RepositoryPullRequest"] == "acme:billing:7"
