"""A Lambda function that several repositories or environments deploy is refused."""

import json

import pytest

from components.config.stack_files import StackFiles
from tests.operations.live.reading import problems
from tests.stacks import SETTINGS, WriteStack

ONE_ACCOUNT = SETTINGS.replace("222222222222", "111111111111").replace(
    "333333333333", "111111111111"
)
FUNCTION = "repository: a\ndeploy:\n  lambda_function: {name}\n"


def test_a_function_of_several_environments_is_refused(write_stack: WriteStack) -> None:
    """A push to develop would update production's function, even with an alias."""
    text = FUNCTION.format(name="api\n  alias: live")
    (found,) = problems(write_stack(ONE_ACCOUNT, a=text))
    assert found.startswith(
        "stacks/s/a.yaml:3: deploy.lambda_function: function 'api' in account 111111111111, "
        "eu-west-1 is deployed by a, dev and by a, test: name one for each, with {environment}"
    )


@pytest.mark.parametrize("settings", [SETTINGS, ONE_ACCOUNT], ids=["three accounts", "one"])
def test_a_function_of_two_repositories_is_refused(write_stack: WriteStack, settings: str) -> None:
    """Two repositories may not deploy one function, even if each environment has its account."""
    name = '"api-{environment}"'
    texts = {
        "a": FUNCTION.format(name=name),
        "b": f"repository: b\ndeploy: {{lambda_function: {name}}}",
    }
    (found,) = problems(write_stack(settings, **texts))
    assert found.startswith("stacks/s/b.yaml:2: deploy.lambda_function: function 'api-dev' in")
    assert "is deployed by a, dev and by b, dev" in found


def test_two_packages_of_one_function_are_refused(write_stack: WriteStack) -> None:
    """The second package would replace the first."""
    text = "repository: a\npackages:\n" + "".join(
        f"  {name}: {{working_directory: {name}, lambda_function: api}}\n" for name in ("x", "y")
    )
    (found,) = problems(write_stack(a=text))
    assert found.startswith("stacks/s/a.yaml:4: packages.y.lambda_function: function 'api'")


@pytest.mark.parametrize(
    "settings",
    [
        SETTINGS,
        SETTINGS.replace("222222222222", "111111111111").replace("eu-west-1", "eu-north-1", 1),
    ],
    ids=["accounts", "regions"],
)
def test_a_function_of_each_account_and_region_is_one_of_its_own(
    write_stack: WriteStack, settings: str
) -> None:
    """One name is accepted in different accounts or regions, since the functions are different."""
    StackFiles(write_stack(settings, a=FUNCTION.format(name="api")))


def test_placeholders_keep_environments_and_repositories_apart(write_stack: WriteStack) -> None:
    """Placeholders in one default give each repository and environment its own function."""
    defaults = 'defaults: {deploy: {lambda_function: "{repository}-{environment}"}}\n'
    files = StackFiles(write_stack(ONE_ACCOUNT + defaults, a="repository: a", b="repository: b"))
    found = {
        name
        for repository in files.stack.repositories
        for environment in ("dev", "test", "prod")
        for name in repository.lambda_functions(environment).values()
    }
    assert found == {"a-dev", "a-test", "a-prod", "b-dev", "b-test", "b-prod"}


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("deploy: {lambda_function: %s}", "{repository}"),
        ("deploy: {lambda_function: %s}", "x" * 61 + "{environment}"),
        ("deploy: {lambda_function: %s}", "api-{stage}"),
        ("artifacts: {s3_bucket: %s}", "{repository}-packages"),
    ],
)
def test_a_filled_name_is_one_that_aws_takes(write_stack: WriteStack, key: str, name: str) -> None:
    """A name that AWS would not accept once its placeholders are filled is a problem."""
    (found,) = problems(write_stack(a=f"repository: My.Api\n{key % json.dumps(name)}\n"))
    assert found.startswith("stacks/s/a.yaml:2: "), found
