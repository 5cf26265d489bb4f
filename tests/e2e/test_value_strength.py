"""The CLI rates the values of `pulumi config set` as the official one does."""

import os
from pathlib import Path

import pytest

from sandbox.engine.find import ensure_engine
from sandbox.engine.folder import VALUE_STRENGTH
from tests.e2e.trivial_project import Project, trivial_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with a stack."""
    made = trivial_project(tmp_path)
    made.write("")
    made.new_stack()
    return made


def test_a_value_that_looks_like_a_secret_is_refused(project: Project) -> None:
    """A random value of a key with such a name needs --secret or --plaintext; a word does not."""
    for ordinary in ("eu-west-1", "password", "qwertyuiop", "aaaaaaaaaaaaaaaaaaaa", ""):
        done = project.pulumi("config", "set", "token", ordinary)
        assert done.returncode == 0, done.stderr
    for random in ("wJalrXUtnFEMI8K7MDENGbPx", "9fQ!x7#Lm2"):
        refused = project.pulumi("config", "set", "token", random)
        assert refused.returncode != 0
        assert "looks like a secret" in refused.stderr
        assert "cannot be rated" not in refused.stderr


def test_a_value_that_cannot_be_rated_counts_as_a_secret(project: Project) -> None:
    """Without the program beside it, the CLI that is built here says so and accepts no value."""
    if "CLI: build from Go modules" not in ensure_engine(lambda _: None).origin:
        pytest.skip("the official CLI rates values itself")
    beside = Path(project.environment["PATH"].split(os.pathsep)[0]) / VALUE_STRENGTH
    beside.unlink()
    refused = project.pulumi("config", "set", "token", "word")
    assert refused.returncode != 0
    assert "warning: the value cannot be rated" in refused.stderr
    assert "looks like a secret" in refused.stderr
    assert project.pulumi("config", "set", "token", "word", "--plaintext").returncode == 0
