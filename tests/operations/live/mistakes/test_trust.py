"""Where the declared trust does not fit what GitHub sends, or what IAM accepts."""

from dataclasses import replace
from typing import Any

import pytest

from components.documents.role_trust import trust_of
from components.documents.trust import MAX_CHARACTERS, characters
from components.model.repository import Repository
from operations.live.mistakes.trust import trust_mistakes
from tests.operations.adoption.grown import LEDGER, SETTINGS

OLD = replace(LEDGER, owner_id=1)
NEW = replace(OLD, subject_prefix="repo:acme@1/ledger@7")


def mistakes(trust: dict[str, Any], live: Any = OLD, **prod: Any) -> list[tuple[str, str]]:
    """Path and text of each mistake of a trust in prod."""
    environments = {"prod": {"trust": trust, **prod}}
    repository = Repository.model_validate({"repository": "ledger", "environments": environments})
    found = trust_mistakes(SETTINGS, repository, live)
    return [(".".join(path), text) for path, text in found]


@pytest.mark.parametrize(
    ("form", "live", "fits"),
    [
        *(("auto", one, True) for one in (OLD, NEW)),
        *(("both", one, True) for one in (OLD, NEW)),
        *(("classic", OLD, True), ("classic", NEW, False)),
        *(("immutable", OLD, False), ("immutable", NEW, True)),
    ],
)
def test_a_form_that_github_does_not_send_is_a_mistake(
    form: str,
    live: Any,
    fits: bool,  # noqa: FBT001 - a table
) -> None:
    """No job would get the role, so it is refused before it is written."""
    found = mistakes({"subject": form}, live)
    assert bool(found) is not fits
    for path, text in found:
        assert path == "environments.prod.trust.subject"
        assert f"GitHub sends '{live.subject_prefix}:environment:prod' for acme/ledger now" in text
        assert text.endswith("write `auto`, or `both` while it changes")


def test_a_template_with_a_claim_of_several_values_needs_names() -> None:
    """Whether `ref` is known depends on the declaration, so the problem is the environment's."""
    live = replace(OLD, subject_claims=("repo", "context", "ref"))
    assert mistakes({}, live) == []
    ((path, text),) = mistakes({}, live, deployment_branches=["main", "release/*"])
    assert path == "environments.prod"
    assert "(ref: deployment_branches has the pattern 'release/*', which is more" in text
    assert "take ref out of the template" in text


def test_a_template_that_no_declaration_can_follow_is_said_once() -> None:
    """It is an obstacle of the repository, and not a mistake of each environment."""
    assert mistakes({}, replace(OLD, subject_claims=("repo", "actor"))) == []


def test_a_policy_that_is_too_long_says_what_to_shorten() -> None:
    """IAM's quota is checked before anything is written; each remedy that is named helps."""
    branches = ["main", *(f"release/{'x' * 40}-{number}" for number in range(6))]
    pinned = {"claims": "pinned", "subject": "both"}
    ((path, text),) = mistakes(pinned, deployment_branches=branches)
    assert path == "environments.prod.trust"
    assert "characters and IAM's default quota is 2,048: declare" in text
    for remedy in (
        "`trust.keep_subject_statement: false`",
        "fewer `deployment_branches`",
        "`trust.subject: auto`",
        "`trust.claims: subject`",
    ):
        assert remedy in text
    assert mistakes({"subject": "both"}, deployment_branches=branches) == []
    assert mistakes(pinned, deployment_branches=branches[:2]) == []


def test_a_next_name_may_make_a_policy_too_long() -> None:
    """Each file is compared under both names, so to leave the next name out is a remedy."""
    branches = ["main", *(f"release/{'x' * 40}-{number}" for number in range(2))]
    declared = {
        "repository": "ledger",
        "next_name": "n" * 100,
        "environments": {"prod": {"trust": {"claims": "pinned"}, "deployment_branches": branches}},
    }
    ((_, text),) = trust_mistakes(SETTINGS, Repository.model_validate(declared), OLD)
    assert text.endswith("no `next_name`")
    del declared["next_name"]
    assert not [*trust_mistakes(SETTINGS, Repository.model_validate(declared), OLD)]


def test_the_longest_names_fit_pinned() -> None:
    """GitHub's longest names of owner and repository fit with one branch of usual length."""
    owner, name, number = "o" * 39, "r" * 100, 10**10 - 1
    live = replace(
        OLD,
        full_name=f"{owner}/{name}",
        id=number,
        owner_id=number,
        subject_prefix=f"repo:{owner}@{number}/{name}@{number}",
    )
    trust = {"claims": "pinned", "subject": "both"}
    declared = {"repository": name, "environments": {"prod": {"trust": trust}}}
    repository = Repository.model_validate(declared)
    document = trust_of(SETTINGS, repository, "prod", live).document
    assert characters(document) <= MAX_CHARACTERS
