"""A planned rename or transfer keeps the roles of the repository."""

import pytest

from components.config.problems import ConfigurationError
from components.config.stack_files import StackFiles
from tests.stacks import WriteStack


@pytest.mark.parametrize("next_name", ["b", "initech@77/a"])
def test_a_default_role_name_is_refused_beside_a_next_name(
    write_stack: WriteStack, next_name: str
) -> None:
    """The move would replace such roles: the problem names each, as it is to be declared."""
    text = (
        f"repository: a\nnext_name: {next_name}\nenvironments: {{test: {{role: {{name: kept}}}}}}\n"
    )
    with pytest.raises(ConfigurationError) as caught:
        StackFiles(write_stack(a=text))
    (problem,) = caught.value.problems
    place, _, said = str(problem).partition(": the move would replace each role")
    assert place == "stacks/s/a.yaml:2: next_name"
    named = "dev: {role: {name: acme.a-dev}}, prod: {role: {name: acme.a-prod}}"
    assert said.endswith(f"declare the present names below `environments`: {named}")


NAMES = ", ".join(f"{env}: {{role: {{name: acme.a-{env}}}}}" for env in ("dev", "test", "prod"))


@pytest.mark.parametrize("rest", [f"environments: {{{NAMES}}}", "deploy: none"])
def test_declared_role_names_are_accepted(write_stack: WriteStack, rest: str) -> None:
    """What the problem says mends it; without deployments there are no roles."""
    StackFiles(write_stack(a=f"repository: a\nnext_name: b\n{rest}\n"))
