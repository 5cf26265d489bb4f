import pytest

from components.config.oidc_accounts import ProviderTags, check_providers
from components.config.problems import ConfigurationError
from components.config.stack_files import StackFiles
from tests.stacks import WriteStack

OURS = {"managed-by": "slipway", "slipway-stack": "s", "team": "x"}
SETTINGS = """\
owner: acme
accounts:
  dev: {account_id: "111111111111", region: eu-west-1}
  test: {account_id: "111111111111", region: eu-west-1}
  prod: {account_id: "333333333333", region: eu-west-1, oidc_provider: existing}
"""


def said(write_stack: WriteStack, dev: ProviderTags, prod: ProviderTags) -> list[str]:
    """Return the problems if the accounts of dev and prod have providers with these tags."""
    files = StackFiles(write_stack(SETTINGS))
    try:
        check_providers(files, {"111111111111": dev, "333333333333": prod})
    except ConfigurationError as error:
        return [str(problem) for problem in error.problems]
    return []


@pytest.mark.parametrize("tags", [None, OURS, {"managed-by": "slipway"}])
def test_a_provider_of_this_stack_is_no_problem(
    write_stack: WriteStack, tags: ProviderTags
) -> None:
    """The account may have no provider, this stack's own, or slipway's without a stack's tag."""
    assert said(write_stack, tags, {}) == []


@pytest.mark.parametrize("tags", [{}, {"team": "x"}, OURS | {"slipway-stack": "other"}])
def test_a_provider_of_another_tool_is_not_made_again(
    write_stack: WriteStack, tags: ProviderTags
) -> None:
    """A provider of another tool or stack is a problem with its remedy: AWS allows only one."""
    (problem,) = said(write_stack, tags, {})
    assert problem.startswith("stacks/s/_stack.yaml:3: accounts.dev.oidc_provider: the account has")
    assert "write oidc_provider: existing" in problem


def test_a_provider_that_is_not_there_is_not_used(write_stack: WriteStack) -> None:
    """A missing provider that is declared as existing is a problem: no role could use it."""
    (problem,) = said(write_stack, None, None)
    assert problem.startswith("stacks/s/_stack.yaml:5: accounts.prod.oidc_provider: ")
    assert problem.endswith("write oidc_provider: create")
