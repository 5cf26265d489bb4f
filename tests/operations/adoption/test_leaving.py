import pytest

from components.config.problems import ConfigurationError
from components.config.stack_files import StackFiles
from operations.adoption.survey import survey
from tests.stacks import WriteStack
from tests.stacks import write_stack as write_stack  # noqa: PLC0414 - a fixture


def test_a_repository_that_is_offboarded_is_not_adopted(write_stack: WriteStack) -> None:
    """An offboarded repository is a problem at its key, before anything is asked or written."""
    files = StackFiles(write_stack(a="repository: a\noffboarding: {now: true}\n"))
    with pytest.raises(ConfigurationError) as caught:
        survey(files, ["A"], {})
    (problem,) = caught.value.problems
    assert str(problem).startswith("stacks/s/a.yaml:2: offboarding.now: offboards the repository")
