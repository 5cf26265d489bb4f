"""A push to a branch of the standard is checked, packaged and deployed."""

import base64
import hashlib
import io
from dataclasses import dataclass
from zipfile import ZipFile

import pytest

from tests.workflows.conftest import Acme
from tests.workflows.outcome import Run

CI = ["python-lint", "python-security", "python-tests"]


@dataclass(frozen=True)
class Deployed:
    """A run, and its deployed function."""

    run: Run
    files: list[str]
    """The workflow files that ran."""
    before: str
    """The code's hash before the run."""
    after: str
    versions: list[str]
    """Published versions, before and after."""

    @property
    def package(self) -> bytes:
        """The uploaded package."""
        name = self.run.jobs[self.job].outputs["artifact-name"]
        return self.run.artifacts[name].files["lambda-package.zip"]

    @property
    def job(self) -> str:
        """The deployment job."""
        (name,) = (name for name in self.run.jobs if name.startswith("deploy-"))
        return name


def deploy(acme: Acme, environment: str, branch: str) -> Deployed:
    """Push a commit to the branch, and read the function before and after."""
    functions = acme.aws(environment, "lambda")
    place = {"FunctionName": "orders-api"}
    before = functions.get_function(**place)["Configuration"]["CodeSha256"]
    acme.commit("orders", branch, "release.txt", f"{environment}\n")
    started = acme.push("orders", branch)
    after = functions.get_function(**place)["Configuration"]["CodeSha256"]
    versions = [v["Version"] for v in functions.list_versions_by_function(**place)["Versions"]]
    (run,) = started.values()
    return Deployed(run, list(started), before, after, versions)


@pytest.fixture(scope="module")
def dev(acme: Acme) -> Deployed:
    """The outcome of a push to develop."""
    return deploy(acme, "dev", "develop")


@pytest.fixture(scope="module")
def main(acme: Acme) -> Deployed:
    """The outcome of a push to main."""
    return deploy(acme, "test", "main")


def test_each_branch_has_its_workflow(dev: Deployed, main: Deployed) -> None:
    """A push to develop runs only python-dev.yml, one to main only python-test.yml; both deploy."""
    assert dev.files == ["python-dev.yml"]
    assert main.files == ["python-test.yml"]
    assert dev.run.results == dict.fromkeys([*CI, "deploy-dev"], "success")
    assert main.run.results == dict.fromkeys([*CI, "deploy-test"], "success")


def test_slipways_own_commit_starts_nothing(acme: Acme) -> None:
    """The branch's tip is a commit of `pulumi up`, which starts no run."""
    assert acme.push("stolen", "main") == {}


def test_another_branch_starts_nothing(acme: Acme) -> None:
    """Only the two branches deploy, although a new branch has their workflow files."""
    place = "repos/acme/bare/git"
    tip = acme.world.github("GET", f"{place}/ref/heads/main")["object"]["sha"]
    acme.world.github("POST", f"{place}/refs", {"ref": "refs/heads/main-2", "sha": tip})
    acme.commit("bare", "main-2", "more.py", "MORE = 1\n")
    assert acme.push("bare", "main-2") == {}


def test_the_deployment_waits_for_all_checks(dev: Deployed) -> None:
    """The deployment begins after the last job of the last matrix has ended."""
    jobs = dev.run.jobs
    assert all(jobs[name].ended < jobs["deploy-dev"].began for name in CI)


def test_the_matrix_is_the_declared_versions(dev: Deployed) -> None:
    """Lint and tests run on each declared version; security has no matrix, only the newest."""
    both = [{"python-version": "3.11"}, {"python-version": "3.12"}]
    found = {
        name: sorted(job.matrix, key=lambda one: str(one["python-version"]))
        for name, job in dev.run.jobs.items()
    }
    assert found == {
        "python-lint": both,
        "python-security": [],
        "python-tests": both,
        "deploy-dev": [],
    }


def test_requirements_are_installed_before_the_tests(dev: Deployed) -> None:
    """The sample's tests need a package of requirements.txt, and pass on each version."""
    assert sum("2 passed" in line for line in dev.run.log) == 2
    # Its zip lacks them, and its declaration does not say that this is intended.
    lacking = "No dependencies: the package has none of what the project requires"
    assert dev.run.warnings == [lacking], dev.run.text
    assert dev.run.errors == []


def test_the_function_has_the_package(dev: Deployed, main: Deployed) -> None:
    """The code's hash in AWS equals the artifact's, and a version was published."""
    for deployed in (dev, main):
        digest = base64.b64encode(hashlib.sha256(deployed.package).digest()).decode()
        assert deployed.before != digest
        assert deployed.after == digest
        assert deployed.versions == ["$LATEST", "1"]
        assert "orders-api" in deployed.run.summary


def test_the_package_is_the_application(dev: Deployed) -> None:
    """The package has sources and data as committed, without git, tests, documents, workflows."""
    with ZipFile(io.BytesIO(dev.package)) as package:
        names = {name for name in package.namelist() if not name.endswith("/")}
        assert package.read("release.txt") == b"dev\n"
    assert names == {
        "app.py",
        "orders/totals.py",
        "orders/schema.json",
        "release.txt",
        "requirements.txt",
    }


def test_the_package_is_an_output_of_the_job(dev: Deployed, main: Deployed) -> None:
    """The job's outputs name the artifact and its address; it is kept for a day."""
    for deployed, environment in ((dev, "dev"), (main, "test")):
        outputs = deployed.run.jobs[deployed.job].outputs
        assert outputs["artifact-name"] == f"lambda-package-{environment}"
        assert "/acme/orders/actions/runs/" in outputs["artifact-location"]
        artifact = deployed.run.artifacts[f"lambda-package-{environment}"]
        assert list(artifact.files) == ["lambda-package.zip"]
        assert artifact.retention_days == 1


def test_coverage_is_kept_for_each_version(dev: Deployed) -> None:
    """Each test job of a matrix uploads its own coverage."""
    for version in ("3.11", "3.12"):
        files = dev.run.artifacts[f"coverage-{version}"].files
        assert "coverage.xml" in files
        assert "htmlcov/index.html" in files
