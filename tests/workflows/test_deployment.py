"""A declared command with the environment's secrets, in a private repository with immutable ids."""

import hashlib

import pytest

from tests.workflows.conftest import SECRET, Acme
from tests.workflows.outcome import Run


@pytest.fixture(scope="module")
def vault(acme: Acme) -> Run:
    """The outcome of a push to develop."""
    acme.commit("vault", "develop", "more.txt", "more\n")
    (run,) = acme.push("vault", "develop").values()
    return run


def test_the_immutable_subject_opens_the_role(acme: Acme, vault: Run) -> None:
    """A repository created after 2026-07-15 assumes its role like any other."""
    path = "repos/acme/vault/actions/oidc/customization/sub"
    assert "@" in acme.world.github("GET", path)["sub_claim_prefix"]
    assert vault.results["deploy-dev"] == "success"
    assert any("assumed-role/acme.vault-dev/" in line for line in vault.log)


def test_the_command_gets_the_environments_values(vault: Run) -> None:
    """The command gets the secret and the variable of the environment as declared."""
    assert any(line.endswith(", debug") for line in vault.log)
    digest = hashlib.sha256(SECRET.encode()).hexdigest()
    assert any(line.startswith(digest) for line in vault.log)


def test_the_secret_is_shown_nowhere(vault: Run) -> None:
    """The secret that the command prints is masked in log, summary and warnings."""
    assert "connecting to ***, debug" in vault.log
    told = [*vault.log, vault.summary, *vault.warnings, *vault.errors]
    assert not any(SECRET in text for text in told)


@pytest.mark.usefixtures("vault")
def test_a_run_leaves_no_secret_behind(acme: Acme) -> None:
    """After a run, no file contains the secret, GitHub's token or AWS's key."""
    marks = [SECRET.encode(), b"ghs_", b"x-access-token", b"AWS_SECRET_ACCESS_KEY"]
    files = [file for file in acme.runner.folder.rglob("*") if file.is_file()]
    assert files
    assert not [file for file in files for mark in marks if mark in file.read_bytes()]


def test_the_package_is_in_the_bucket(acme: Acme, vault: Run) -> None:
    """The job's output is the location of an object with the package's content."""
    location = vault.jobs["deploy-dev"].outputs["artifact-location"]
    assert location.startswith("s3://acme-vault/vault/")
    key = location.removeprefix("s3://acme-vault/")
    stored = acme.aws("dev", "s3").get_object(Bucket="acme-vault", Key=key)["Body"].read()
    assert stored == vault.artifacts["lambda-package-dev"].files["lambda-package.zip"]
