"""The rules of a branch that bind this token decide how its files arrive."""

from typing import Any

import pytest

from components.config.problems import ConfigurationError
from components.config.stack_files import StackFiles
from components.documents.delivery import mark
from components.model.delivery import Delivery
from operations.live.github.api import GitHub
from operations.live.github.rules.changes import commits
from operations.live.github.rules.judge import Judge
from operations.live.program import read_live
from sandbox.github import Server
from tests.operations.live.github.rules.test_branch_rules import ruleset, write
from tests.operations.live.organization import TOKEN
from tests.operations.live.organization import github as github  # noqa: PLC0414 - a fixture
from tests.operations.live.test_program import live
from tests.stacks import WriteStack

REVIEWS = {"required_approving_review_count": 1}
CHECKS = {"strict": False, "contexts": ["ci"]}


def classic(**demands: Any) -> dict[str, Any]:
    """Return classic protection with these demands, and no others."""
    keys = ("required_status_checks", "enforce_admins", "restrictions")
    return dict.fromkeys((*keys, "required_pull_request_reviews")) | demands


def refused(server: Server, token: str = TOKEN) -> bool:
    """Return whether main refuses commits of this token."""
    judge = Judge(GitHub(server.url, token), "acme/a", public=False)
    rules = judge.of_branch("main")
    assert rules is not None
    return bool(judge.refusing(commits("main", ["python-dev.yml"]), rules))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("pull_request", True),
        ("required_status_checks", True),
        ("required_signatures", True),
        ("update", True),
        ("deletion", False),
        ("non_fast_forward", False),
        ("required_linear_history", False),
    ],
)
def test_rules_that_refuse_a_commit(github: Server, rule: str, *, expected: bool) -> None:
    """Rules about deletion and history do not refuse a commit; each of the others does."""
    checks = {"required_status_checks": [{"context": "ci"}]}
    wanted = ruleset(rule)
    if rule == "required_status_checks":
        wanted["rules"][0]["parameters"] = checks | {"strict_required_status_checks_policy": False}
    write(github, "POST", "rulesets", wanted)
    assert refused(github) is expected


def test_who_may_bypass_a_ruleset_commits_directly(github: Server) -> None:
    """An actor that may always bypass a ruleset commits directly; one for pull requests may not."""
    administrators = {"actor_id": 5, "actor_type": "RepositoryRole"}
    for mode, expected in (("pull_request", True), ("always", False)):
        actors = [administrators | {"bypass_mode": mode}]
        wanted = ruleset("pull_request") | {"name": mode, "bypass_actors": actors}
        made = write(github, "POST", "rulesets", wanted)
        assert refused(github) is expected
        write(github, "PUT", f"rulesets/{made['id']}", wanted | {"enforcement": "disabled"})


@pytest.mark.parametrize(
    ("demands", "expected"),
    [
        ({}, False),
        ({"required_pull_request_reviews": REVIEWS}, False),
        ({"required_pull_request_reviews": REVIEWS, "enforce_admins": True}, True),
        ({"required_status_checks": CHECKS, "enforce_admins": True}, True),
        ({"lock_branch": True}, True),
    ],
)
def test_classic_protection_exempts_administrators(
    github: Server, demands: dict[str, Any], *, expected: bool
) -> None:
    """Classic protection binds administrators only by `enforce_admins` or `lock_branch`."""
    write(github, "PUT", "branches/main/protection", classic(**demands))
    assert refused(github) is expected


@pytest.mark.parametrize(
    ("delivery", "protected", "expected"),
    [
        ("auto", False, []),
        ("auto", True, ["main"]),
        ("direct", True, []),
        ("pull_request", False, ["develop", "main"]),
    ],
)
def test_the_declaration_decides_and_auto_follows_the_rules(
    github: Server,
    write_stack: WriteStack,
    delivery: Delivery,
    expected: list[str],
    *,
    protected: bool,
) -> None:
    """The declaration decides, and `auto` follows each branch's rules; a head's name has a hash."""
    if protected:
        write(github, "POST", "rulesets", ruleset("pull_request"))
    found = live(github, write_stack, a=f"repository: a\ndelivery: {delivery}\n")
    deliveries = found.repositories["a"].by_pull_request
    assert sorted(deliveries) == expected
    for branch, one in deliveries.items():
        assert one.head == f"slipway/{branch}-{one.content[:10]}"
        assert (one.head_exists, one.number, one.opens) == (False, None, True)


def everywhere(*excluded: str) -> dict[str, Any]:
    """Return a ruleset that demands pull requests on every branch but these."""
    names = {"include": ["~ALL"], "exclude": list(excluded)}
    return ruleset("pull_request") | {"conditions": {"ref_name": names}}


def test_rules_on_every_branch_are_refused_before_anything_is_written(
    github: Server, write_stack: WriteStack
) -> None:
    """Rules on every branch are a problem: the message says to exclude slipway's own branches."""
    write(github, "POST", "rulesets", everywhere())
    with pytest.raises(ConfigurationError) as caught:
        live(github, write_stack, a="repository: a\n")
    texts = [str(problem) for problem in caught.value.problems]
    assert [text.partition(": ")[0] for text in texts] == ["stacks/s/a.yaml:1"] * 2
    for branch, text in zip(("develop", "main"), texts, strict=True):
        assert f"files of {branch!r} arrive by pull request" in text
        assert "exclude refs/heads/slipway/**/* from the ruleset" in text


def test_the_advice_about_rules_on_every_branch_helps(
    github: Server, write_stack: WriteStack
) -> None:
    """With slipway's own branches excluded, both branches get their files by pull request."""
    write(github, "POST", "rulesets", everywhere("refs/heads/slipway/**/*"))
    found = live(github, write_stack, a="repository: a\n")
    assert sorted(found.repositories["a"].by_pull_request) == ["develop", "main"]


def test_a_branch_that_slipway_creates_is_judged_by_its_name(
    github: Server, write_stack: WriteStack
) -> None:
    """Rules for the name of a branch that slipway creates decide how its files arrive."""
    named = {"include": ["refs/heads/next"], "exclude": []}
    wanted = ruleset("pull_request") | {"conditions": {"ref_name": named}}
    write(github, "POST", "rulesets", wanted)
    found = live(github, write_stack, a="repository: a\nbranches: {dev: next}\n")
    (delivery,) = found.repositories["a"].by_pull_request.values()
    assert (delivery.there, delivery.pending) == (frozenset(), ("python-dev.yml",))
    assert found.repositories["a"].missing_branches == {"next"}


def test_rules_that_come_after_a_request_refuse_only_new_content(
    github: Server, write_stack: WriteStack
) -> None:
    """A request that brings the declared content needs no commit; another declaration does."""
    mains = "branches: {dev: main}\ndelivery: pull_request\n"
    folder = write_stack(a=f"repository: a\n{mains}")
    session = GitHub(github.url, TOKEN)
    (one,) = read_live(StackFiles(folder), session).repositories["a"].by_pull_request.values()
    sha = write(github, "GET", "git/ref/heads/main", None)["object"]["sha"]
    write(github, "POST", "git/refs", {"ref": f"refs/heads/{one.head}", "sha": sha})
    body = {"message": "x", "content": "eA==", "branch": one.head}
    write(github, "PUT", "contents/x", body)
    request = {"title": "x", "body": mark(one.content), "head": one.head, "base": "main"}
    write(github, "POST", "pulls", request)
    write(github, "POST", "rulesets", everywhere())
    (one,) = read_live(StackFiles(folder), session).repositories["a"].by_pull_request.values()
    assert (one.brought, one.refused) == (True, "")
    (folder / "a.yaml").write_text(f"repository: a\n{mains}timeout_minutes: 7\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="rules refuse commits to 'slipway/main-"):
        read_live(StackFiles(folder), session)
