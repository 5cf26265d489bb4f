"""Expectations for the runs of single repositories, besides those for all."""

from zipfile import ZipFile

from tests.projects.machine import PASSWORD
from tests.projects.outcome import Run

__all__ = ["PASSWORD"]


def private_package_is_vendored_and_password_kept(run: Run) -> None:
    """The package contains the private index's wheel, and no log shows the password."""
    (package,) = run.deployment.artifacts["lambda-package-dev"].values()
    assert {"app.py", "internal.py", "greeting.py"} <= set(ZipFile(package).namelist())
    assert "private.test" in run.text  # The index was used, so the log could have shown its login.
    assert PASSWORD not in run.text


def wheel_has_the_version_of_the_tag(run: Run) -> None:
    """The build reads the tag, which a shallow checkout does not have."""
    assert list(run.deployment.artifacts["wheel-dev"]) == ["dist/git_shop-1.4.0-py3-none-any.whl"]


def both_packages_are_built(run: Run) -> None:
    """Each folder becomes its declared package."""
    artifacts = run.deployment.artifacts
    assert list(artifacts["lambda-package-api-dev"]) == ["services/api/lambda-package.zip"]
    assert list(artifacts["wheel-client-dev"]) == ["client/dist/client-1.0-py3-none-any.whl"]
    assert any("--function-name api " in call for call in run.deployment.calls)
