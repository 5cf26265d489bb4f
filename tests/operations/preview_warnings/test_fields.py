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
def test_a_property_differs_by_what_it_says(
    new: dict[str, object], old: dict[str, object], outputs: dict[str, object], found: object
) -> None:
    """Numbers, documents and lists are compared by meaning, not by how they are written."""
    assert differing(new, old, outputs) == found


def test_what_only_the_outputs_say_differs_too() -> None:
    """`slipway refresh` changes outputs alone; what is no input is no difference."""
    reviewers = {"reviewers": [{"teams": [1]}]}
    outputs = {"reviewers": [], "etag": "x"}
    assert differing(reviewers, reviewers, outputs) == ("reviewers",)


def test_what_is_not_declared_at_all_differs_where_it_is_there() -> None:
    """Reviewers where none are declared: a refresh brings them, and Pulumi would take them away."""
    assert differing({}, {}, {"reviewers": [{"users": [7]}]}) == ("reviewers",)
