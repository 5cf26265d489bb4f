"""Every kind of fact is drawn for some of the two hundred repositories."""

import json
from collections import Counter

import pytest

from tests.e2e.worlds import rules
from tests.e2e.worlds.drawing import SEEDS, SIZE, world


@pytest.mark.slow
def test_two_hundred_repositories_have_every_kind_of_fact() -> None:
    """A change of a strategy that loses a kind is seen, as a batch without it passes as well."""
    worlds = [world(seed, SIZE) for seed in SEEDS]
    each = [one for drawn in worlds for one in drawn.repositories]
    assert len(each) == 200
    assert {one.owner for one in worlds} == {"organization", "user"}
    assert {one.plan for one in worlds} == {"free", "pro", "team", "enterprise"}
    assert {one.token for one in worlds} == {"classic", "fine-grained", "app"}
    assert {one.provider_exists for one in worlds} == {True, False}
    assert {one.accounts for one in worlds} == {1, 3}
    assert {one.visibility for one in each} == {"public", "private", "internal"}
    defaults = Counter(one.default_branch for one in each)
    assert defaults.keys() >= {"main", "master", "develop", "trunk"}
    every = [body for one in each for body in (*one.rulesets, *one.organization_rulesets)]
    types = {rule["type"] for body in every for rule in body["rules"]}
    wanted = {*rules.ON_BRANCHES, *rules.ON_METADATA, *rules.ON_ORGANIZATIONS, *rules.ON_PUSHES}
    assert wanted - types == set()
    assert {body["enforcement"] for body in every} == {"active", "evaluate", "disabled"}
    modes = {one.get("bypass_mode") for body in every for one in body["bypass_actors"]}
    assert modes >= {"always", "pull_request", "exempt"}
    plain = type(each[0])(name="r").model_dump()
    drawn = {key for one in each for key, value in one.model_dump().items() if value != plain[key]}
    assert drawn == plain.keys()
    words = json.dumps([one.declaration for one in each])
    for word in ("none", "direct", "pull_request", "branches", "reviewers", "exclusive", "role"):
        assert f'"{word}"' in words
    for word in ("pinned", "both", "immutable", "keep_subject_statement"):
        assert f'"{word}"' in words
