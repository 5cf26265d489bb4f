from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.projects.expressions import evaluate, fill, format_text, holds, to_json
from tests.projects.reader import UnknownExpressionError

CONTEXTS: dict[str, Any] = {
    "github": {"event_name": "push"},
    "matrix": {"python-version": "3.11"},
    "steps": {"tests": {"outputs": {"present": "true"}, "outcome": "failure"}},
    "needs": {"lint": {"result": "success"}},
    "nothing": {"here": None},
}
FUNCTIONS: dict[str, Any] = {"format": format_text, "toJSON": to_json, "hashFiles": lambda *_: ""}


def status(*, failed: bool) -> dict[str, Any]:
    """The status functions of a job that failed, or did not."""
    return FUNCTIONS | {
        "always": lambda: True,
        "cancelled": lambda: False,
        "failure": lambda: failed,
        "success": lambda: not failed,
    }


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("matrix.python-version", "3.11"),
        ("github['event_name'] == 'PUSH'", True),
        ("steps.tests.outputs.present != 'false'", True),
        ("'it''s'", "it's"),
        ("null || 'else'", "else"),
        ("'' && 'never'", ""),
        ("nothing.here == ''", True),
        ("!(true && false)", True),
        ("true || false && false", True),
        ("format('{1}/{0}', 'a', matrix.python-version)", "3.11/a"),
        ("hashFiles('requirements*.txt') != ''", False),
        ("toJSON(needs)", '{\n  "lint": {\n    "result": "success"\n  }\n}'),
    ],
)
def test_an_expression_has_the_value_that_github_gives_it(text: str, value: Any) -> None:
    """Texts are compared without case; `&&` binds more tightly than `||`."""
    assert evaluate(text, CONTEXTS, FUNCTIONS) == value


@pytest.mark.parametrize(
    "text",
    [
        "contains(github.event_name, 'pu')",
        "github.event_nam",
        "steps.test.outcome",
        "github.event_name = 'push'",
        "github.event_name == 'push",
        "1 < 2",
        "true == 'true'",
        "needs.*.result",
        "true true",
        "(true",
        "",
    ],
)
def test_an_unknown_expression_is_an_error(text: str) -> None:
    """An unknown expression is an error: a misread condition would test another workflow."""
    with pytest.raises(UnknownExpressionError):
        evaluate(text, CONTEXTS, FUNCTIONS)


@pytest.mark.parametrize(
    ("condition", "after_success", "after_failure"),
    [
        (None, True, False),
        ("always()", True, True),
        ("${{ always() }}", True, True),
        ("!cancelled()", True, True),
        ("failure()", False, True),
        ("steps.tests.outputs.present == 'true'", True, False),
        ("always() && steps.tests.outcome == 'success'", False, False),
        ("failure() || github.event_name == 'push'", True, True),
        (False, False, False),
    ],
)
def test_a_condition_implies_success_unless_it_names_a_status(
    condition: Any, after_success: Any, after_failure: Any
) -> None:
    """Every `if` of a job or step implies `success()` unless it names a status function."""
    assert holds(condition, CONTEXTS, status(failed=False)) is after_success
    assert holds(condition, CONTEXTS, status(failed=True)) is after_failure


@given(st.text(alphabet="abc '\n$", max_size=20))
def test_text_around_expressions_stays(text: str) -> None:
    """Only the text between the braces is replaced, and a literal gives its own text."""
    literal = text.replace("'", "''")
    assert fill(f"{text}${{{{ '{literal}' }}}}{text}", {}, {}) == text * 3
