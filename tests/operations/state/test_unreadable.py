from pathlib import Path

import pytest

from components.config.problems import ConfigurationError
from components.config.stack_files import StackFiles
from operations.engine.errors import PulumiError
from operations.state.unreadable import in_words
from tests.operations.commands.test_drift import SETTINGS
from tests.operations.diff import worlds

#: The error of pulumi-github 6.15.
RAW = (
    "error: Preview failed: refreshing urn:pulumi:s::p::github:index/repositoryEnvironment:x: "
    "reviewer.Type is *string, not a string of 'User' or 'Team', unable to unmarshal"
)
BILLING = "repository: billing\nenvironments:\n  prod:\n    wait_minutes: 1\n"


@pytest.fixture
def files(tmp_path: Path) -> StackFiles:
    """A stack with one repository."""
    (tmp_path / "_stack.yaml").write_text(SETTINGS)
    (tmp_path / "billing.yaml").write_text(BILLING)
    return StackFiles(tmp_path)


def test_the_providers_error_is_explained(files: StackFiles) -> None:
    """The provider's error becomes a problem with repository, environment, reviewer and remedy."""
    enterprise = frozenset({"BusinessTeam ent:xyz"})
    world = worlds.with_environment(
        worlds.as_declared(worlds.stack()), "prod", other_reviewers=enterprise
    )
    error = PulumiError(("refresh",), RAW)
    (problem,) = in_words(error, files, world).problems
    assert (Path(problem.file).name, problem.line > 1) == ("billing.yaml", True)
    assert "environment prod of acme/billing has a reviewer that Pulumi's GitHub" in problem.text
    assert problem.text.endswith("remove BusinessTeam ent:xyz there")
    other = PulumiError(("refresh",), "error: no")
    assert in_words(other, files, world) is other


def test_an_unexplained_error_stays_as_it_is(files: StackFiles) -> None:
    """If the observer saw no unknown reviewer, the provider's error stays as it is."""
    error: ConfigurationError = PulumiError(("refresh",), RAW)
    assert in_words(error, files, worlds.as_declared(worlds.stack())) is error
