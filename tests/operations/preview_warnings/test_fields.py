import pytest

from operations.preview_warnings.fields import differing


@pytest.mark.parametrize(
    ("new", "old", "outputs", "found"),
    [
        ({"waitTimer": 10}, {"waitTimer": 10.0}, {"waitTimer": 10.0}, ()),
        ({"waitTimer": 10}, {"waitTimer": 0}, {}, ("waitTimer",)),
        ({"policy": '{"a": 1}'}, {"policy": '{"a":1}'}, {"policy": '{"a":1}'}, ()),
        ({"reviewers": [{"teams": [1]}]}, {"reviewers": [{"teams": [1], "users": []}]}, {}, ()),
        ({"reviewers": [{"teams": [1, 2]}]}, {"reviewers": [{"teams": [2, 1]}]}, {}, ()),
    ],
)
def test_properties_are_compared_by_meaning(
    new: dict[str, object], old: dict[str, object], outputs: dict[str, object], found: object
) -> None:
    """Numbers, documents and lists are compared by meaning, not by notation."""
    assert differing(new, old, outputs) == found


def test_a_difference_in_outputs_alone_is_a_difference() -> None:
    """A property that differs only in the outputs is a difference; outputs alone are none."""
    reviewers = {"reviewers": [{"teams": [1]}]}
    outputs = {"reviewers": [], "etag": "x"}
    assert differing(reviewers, reviewers, outputs) == ("reviewers",)


def test_a_live_value_of_an_undeclared_property_is_a_difference() -> None:
    """Live reviewers are a difference where none are declared."""
    assert differing({}, {}, {"reviewers": [{"users": [7]}]}) == ("reviewers",)
