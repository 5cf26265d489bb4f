"""The baseline: prod is never weaker than test. Find the settings in which a declaration breaks it.

Judged is what the declaration says after all defaults. Plans of GitHub that lack a rule need no
part here: a rule that test declares and cannot have is a problem of its own (`model.plan`), and
defaults are no stricter for test than for prod. Deliberately absent: acceptances and places in
files (components/config/baseline.py), and role policies, which depend on what is deployed.
"""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from components.model.environment import Environment
from components.model.pattern_cover import uncovered
from components.model.repository import Repository


class Weaker(NamedTuple):
    """One setting in which prod is weaker than test."""

    key: str
    """The key of both environments that decides it."""
    text: str
    """What both have."""
    remedy: str
    """The change after which prod is not weaker."""


class _Both(NamedTuple):
    """The two environments of a repository."""

    repository: Repository
    test: Environment
    prod: Environment


def weaker_settings(repository: Repository) -> Iterator[Weaker]:
    """Every setting in which prod is weaker than test; none if one of them does not exist."""
    if {"test", "prod"} <= set(repository.environment_names):
        both = _Both(repository, repository.environment("test"), repository.environment("prod"))
        for compare in COMPARISONS:
            yield from compare(both)


def _reviewers(both: _Both) -> Iterator[Weaker]:
    """One approval suffices, so only "none" is weaker than "some"."""
    if both.test.reviewers.names and not both.prod.reviewers.names:
        text = f"prod has no reviewers, and test has {_listed(both.test.reviewers.names)}"
        yield Weaker("reviewers", text, "give prod reviewers")


def _self_review(both: _Both) -> Iterator[Weaker]:
    """GitHub has it as a part of the rule about reviewers: without them it prevents nothing."""
    test = both.test.prevent_self_review and both.test.reviewers.names
    if test and both.prod.reviewers.names and not both.prod.prevent_self_review:
        text = "the user who triggered a deployment may approve it in prod, and not in test"
        yield Weaker("prevent_self_review", text, "write true for prod as well")


def _wait(both: _Both) -> Iterator[Weaker]:
    test, prod = both.test.wait_minutes, both.prod.wait_minutes
    if prod < test:
        text = f"wait_minutes is {prod} in prod, and {test} in test"
        yield Weaker("wait_minutes", text, f"write {test} or more for prod")


def _bypass(both: _Both) -> Iterator[Weaker]:
    if both.prod.admin_bypass and not both.test.admin_bypass:
        text = "administrators may bypass prod's rules, and not test's"
        yield Weaker("admin_bypass", text, "write false for prod as well")


def _custom_rules(both: _Both) -> Iterator[Weaker]:
    test = both.test.deployment_protection_rules
    if lacking := set(test) - set(both.prod.deployment_protection_rules):
        text = f"prod lacks {_listed(lacking)}, whose rules test has"
        yield Weaker("deployment_protection_rules", text, "name them for prod as well")


def _branches(both: _Both) -> Iterator[Weaker]:
    test = both.repository.deployment_branches("test")
    for pattern in both.repository.deployment_branches("prod"):
        if (name := uncovered(pattern, test)) is not None:
            text = f"{_admits(pattern, name)}, and test does not"
            remedy = "remove it from prod, or admit it in test as well"
            yield Weaker("deployment_branches", text, remedy)


def _tags(both: _Both) -> Iterator[Weaker]:
    """Tags that only prod admits are releases, by design, if something approves the deployment.

    Each user who may write can set a tag on any commit, and no test run comes before it.
    """
    if both.prod.reviewers.names or both.prod.deployment_protection_rules:
        return
    for pattern in both.prod.deployment_tags:
        if (name := uncovered(pattern, both.test.deployment_tags)) is not None:
            text = f"{_admits(pattern, name)} as a tag without any approval, and test does not"
            remedy = "give prod reviewers, or admit the tag in test as well"
            yield Weaker("deployment_tags", text, remedy)


def _trust(both: _Both) -> Iterator[Weaker]:
    """A form without ids also admits a later repository of the same name."""
    test, prod = both.test.trust, both.prod.trust
    if prod.admits_subject_alone and not test.admits_subject_alone:
        text = "the subject alone opens prod's role, and test's asks for pinned claims"
        remedy = "write `claims: pinned, keep_subject_statement: false` for prod as well"
        yield Weaker("trust", text, remedy)
    if prod.subject in ("classic", "both") and test.subject == "immutable":
        text = f"subject is {prod.subject} in prod, and immutable in test"
        yield Weaker("trust", text, "write immutable for prod as well")


#: All comparisons, in the order in which they are reported.
COMPARISONS: Final[tuple[Callable[[_Both], Iterator[Weaker]], ...]] = (
    _reviewers,
    _self_review,
    _wait,
    _bypass,
    _custom_rules,
    _branches,
    _tags,
    _trust,
)


def _admits(pattern: str, name: str) -> str:
    example = "" if name == pattern else f", for example {name}"
    return f"prod admits {pattern}{example}"


def _listed(names: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(names))
