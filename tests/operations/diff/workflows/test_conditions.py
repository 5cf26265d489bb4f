"""Conditions of a job that exclude an event."""

import pytest

from operations.diff.workflows.conditions import excludes

NOT = "github.event_name != 'pull_request'"


@pytest.mark.parametrize(
    "condition",
    [
        NOT,
        f"${{{{ {NOT} }}}}",
        f"always() && {NOT}",
        f"{NOT} && (success() || failure())",
        f"({NOT}) && always()",
        f"({NOT} && always()) || github.event_name == 'push'",
        "github.event_name == 'push' || github.event_name == 'workflow_dispatch'",
        "github.event_name != 'PULL_REQUEST'",
        f"contains(github.ref, 'a || b') && {NOT}",
        f"contains(github.ref, 'it''s || (') && {NOT}",
    ],
)
def test_a_condition_that_is_false_for_the_event_excludes_it(condition: str) -> None:
    """A condition that is always false for the event excludes it, in any notation."""
    assert excludes(condition, "pull_request")


@pytest.mark.parametrize(
    "condition",
    [
        None,
        True,
        "",
        "always()",
        f"always() || {NOT}",
        f"({NOT}) || (always())",
        f"!({NOT})",
        f"! {NOT}",
        f"contains(github.ref, '{NOT.replace(chr(39), chr(39) * 2)}')",
        f"${{{{ {NOT} }}}} && ${{{{ always() }}}}",
        f"x ${{{{ {NOT} }}}}",
        "github.event_name == 'pull_request'",
        "github.event_name != 'pull_request_target'",
        "github.event_name != 'push'",
        "(",
        ")",
        f"({NOT}",
        f"{'(' * 10_000}{NOT}{')' * 10_000}",
    ],
)
def test_any_other_condition_may_be_true(condition: object) -> None:
    """A condition that may be true, or is not understood, excludes nothing."""
    assert not excludes(condition, "pull_request")


def test_other_events_are_excluded_by_name() -> None:
    """Each event is excluded only by its own name."""
    assert not excludes(NOT, "pull_request_target")
    assert not excludes(NOT, "workflow_dispatch")
    assert excludes("github.event_name != 'workflow_dispatch'", "workflow_dispatch")
