"""The sample stack's three repositories, onboarded as `make up` does, deploy as declared."""

import pytest

from tests.workflows.conftest import ACCOUNTS, Acme, client, make_functions

#: Functions and buckets that the sample declares, in dev's account.
FUNCTIONS = ("billing-api", "payments-api")
BUCKETS = ("acme-legacy-reports", "acme-packages")
CI = ("python-lint", "python-security", "python-tests")


@pytest.fixture(scope="module")
def sample(acme: Acme) -> Acme:
    """The sample stack, with the targets of its deployments."""
    make_functions(acme.world, ACCOUNTS["dev"], *FUNCTIONS)
    for name in BUCKETS:
        client(acme.world, ACCOUNTS["dev"], "s3").create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
    return acme


@pytest.mark.parametrize("repository", ["billing", "legacy-reports", "payments"])
def test_a_push_to_develop_deploys(sample: Acme, repository: str) -> None:
    """A push deploys with and without tests/, a bucket, a deployment, and by both forms of subject.

    Afterwards a function has the package as its code, and a published version of it.
    """
    before = deployed(sample, repository)
    sample.commit(repository, "develop", "note.py", f"NAME = {repository!r}\n")
    (run,) = sample.push(repository, "develop").values()
    assert run.results == dict.fromkeys((*CI, "deploy-dev"), "success"), run.text
    assert set(run.artifacts) >= {"lambda-package-dev"}
    assert ("coverage-3.12" in run.artifacts) == (repository != "legacy-reports")
    location = run.jobs["deploy-dev"].outputs["artifact-location"]
    assert location.startswith("s3://") == (repository != "billing")
    after = deployed(sample, repository)
    assert (before is None) == (after is None) == (repository == "legacy-reports")
    if before and after:
        assert before[0] != after[0]
        assert before[1] == "$LATEST" != after[1]


def deployed(sample: Acme, repository: str) -> tuple[str, str] | None:
    """Return the code's hash and the newest version of dev's function, if it exists."""
    name = f"{repository}-api"
    if name not in FUNCTIONS:
        return None
    functions = sample.aws("dev", "lambda")
    code = functions.get_function(FunctionName=name)["Configuration"]["CodeSha256"]
    versions = functions.list_versions_by_function(FunctionName=name)["Versions"]
    return str(code), str(versions[-1]["Version"])
