from dataclasses import replace

import pytest

from operations.adoption.proposal.workflow_usage import assuming_elsewhere
from tests.operations.adoption import grown

ROLE = "steps: [{with: {role-to-assume: x}}]"


@pytest.mark.parametrize(
    ("file", "jobs", "found"),
    [
        ("up.yml", f"a: {{{ROLE}}}, b: {{environment: staging, {ROLE}}}", ["up.yml"]),
        ("up.yml", f"a: {{environment: prod, {ROLE}}}", []),
        ("up.yml", "a: {steps: [{run: x}]}", []),
        ("python-dev.yml", f"a: {{{ROLE}}}", []),
    ],
    ids=["two jobs outside", "a job of prod", "no role", "a file of the standard"],
)
def test_a_file_with_a_role_outside_our_environments_is_found_once(
    file: str, jobs: str, found: list[str]
) -> None:
    """A file with such jobs is reported once; jobs of dev, test and prod do not count."""
    workflow = grown.workflow(f"on: push\njobs: {{{jobs}}}\n")
    live = replace(grown.LEDGER, workflows={"main": {file: workflow}})
    assert [name for _, name in assuming_elsewhere(live)] == found
