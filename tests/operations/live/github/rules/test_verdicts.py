"""Each type of rule, with its parameters, refuses what GitHub refuses of slipway's changes."""

from typing import Any

import pytest

from operations.live.github.rules.branch_rules import Rule
from operations.live.github.rules.changes import Change, commits, creation, deletion
from operations.live.github.rules.patterns import breaks_pattern
from operations.live.github.rules.verdicts import refuses

FILE = "python-dev.yml"
MADE = creation("slipway/main-0123456789")
DELETED = deletion("slipway/main-0123456789")
WRITTEN = commits("main", [FILE], largest=5000)
#: As the commit of a pull request's branch: without the trailer of a direct one.
REQUESTED = commits("slipway/main-0123456789", [FILE], by_pull_request=True, largest=5000)
REMOVED = commits("main", [FILE], removes=True)
COMMIT, CREATE, DELETE = "commit", "create", "delete"


def rule(kind: str, **parameters: Any) -> Rule:
    """Return a rule of that type."""
    return Rule(kind, 1, parameters)


def pattern(kind: str, operator: str, text: str, *, negate: bool = False) -> Rule:
    """Return a rule about texts."""
    return rule(kind, operator=operator, pattern=text, negate=negate)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (rule("copilot_code_review"), set()),
        (rule("non_fast_forward"), set()),
        (rule("required_linear_history"), set()),
        (pattern("tag_name_pattern", "starts_with", "v"), set()),
        (rule("creation"), {CREATE}),
        (rule("update"), {COMMIT}),
        (rule("deletion"), {DELETE}),
        (rule("pull_request"), {COMMIT}),
        (rule("required_signatures"), {COMMIT}),
        (rule("required_status_checks"), {COMMIT, CREATE}),
        (rule("required_status_checks", do_not_enforce_on_create=False), {COMMIT, CREATE}),
        (rule("required_status_checks", do_not_enforce_on_create=True), {COMMIT}),
        (rule("workflows"), {COMMIT, CREATE}),
        (rule("workflows", do_not_enforce_on_create=True), {COMMIT}),
        (pattern("commit_author_email_pattern", "ends_with", "@acme.example"), {COMMIT}),
        (pattern("committer_email_pattern", "ends_with", "@acme.example"), {COMMIT}),
        (pattern("branch_name_pattern", "starts_with", "feature/"), {COMMIT, CREATE}),
        (pattern("branch_name_pattern", "regex", "^(main|slipway/.+)$"), set()),
        # Whether these stop the creation of a branch is not documented.
        (rule("code_scanning"), {COMMIT, CREATE}),
        (rule("merge_queue"), {COMMIT, CREATE}),
        (rule("required_deployments"), {COMMIT, CREATE}),
        (rule("rule_of_next_year"), {COMMIT, CREATE, DELETE}),
    ],
    ids=lambda value: value.type if isinstance(value, Rule) else "",
)
def test_what_a_rule_refuses(found: Rule, expected: set[str]) -> None:
    """A commit to main, the creation of a branch, and a branch's deletion."""
    changes = (WRITTEN, MADE, DELETED)
    assert {one.kind for one in changes if refuses(found, one, is_app=False)} == expected


@pytest.mark.parametrize(
    ("found", "direct", "requested"),
    [
        (pattern("commit_message_pattern", "starts_with", "Manage "), False, False),
        (pattern("commit_message_pattern", "starts_with", "feat"), True, True),
        (pattern("commit_message_pattern", "ends_with", "skip-checks: true"), False, True),
        (pattern("commit_message_pattern", "contains", "skip-checks", negate=True), True, False),
        (pattern("commit_message_pattern", "regex", r"\A.{1,50}$"), True, True),
        (pattern("commit_message_pattern", "regex", r"\A.{1,60}$"), True, False),
        (pattern("commit_message_pattern", "regex", r"\AManage .{1,60}"), False, False),
        (pattern("commit_message_pattern", "regex", "^skip-checks"), True, True),
        (pattern("commit_message_pattern", "regex", "(?m)^skip-checks"), False, True),
    ],
)
def test_messages_are_those_that_slipway_writes(
    found: Rule, *, direct: bool, requested: bool
) -> None:
    """A direct commit has a trailer, one of a pull request has none."""
    assert refuses(found, WRITTEN, is_app=False) is direct
    assert refuses(found, REQUESTED, is_app=False) is requested


def test_an_app_signs_its_commits() -> None:
    """GitHub signs what an App commits by REST."""
    assert not refuses(rule("required_signatures"), WRITTEN, is_app=True)


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([".github/**/*"], True),
        ([".github/workflows/*"], True),
        ([".github/workflows/python-dev.yml"], True),
        ([".github"], True),
        (["/.github/workflows/"], True),
        ([".github/*"], True),
        (["**/*.yml"], True),
        (["*.{yml,yaml}"], True),
        (["docs/**/*", ".github/workflows/release.yml", "*.exe"], False),
        ([".github/CODEOWNERS"], False),
    ],
)
def test_a_path_is_restricted_if_any_reading_matches(paths: list[str], *, expected: bool) -> None:
    """GitHub gives few examples of its patterns; a deleted file is a change of its path as well."""
    found = rule("file_path_restriction", restricted_file_paths=paths)
    assert refuses(found, WRITTEN, is_app=False) is expected
    assert refuses(found, REMOVED, is_app=False) is expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (rule("file_extension_restriction", restricted_file_extensions=["*.exe", "ml"]), False),
        (rule("file_extension_restriction", restricted_file_extensions=["*.YML"]), True),
        (rule("file_extension_restriction", restricted_file_extensions=[".yml"]), True),
        (rule("file_extension_restriction", restricted_file_extensions=["yml"]), True),
        (rule("max_file_path_length", max_file_path_length=31), True),
        (rule("max_file_path_length", max_file_path_length=32), False),
        (rule("max_file_size", max_file_size=1), False),
        (rule("max_file_size"), True),
    ],
)
def test_what_a_file_is_counts_where_it_is_written(found: Rule, *, expected: bool) -> None:
    """A path of 32 characters and 5,000 bytes; a file that is deleted is none any more."""
    assert refuses(found, WRITTEN, is_app=False) is expected
    assert not refuses(found, REMOVED, is_app=False)


def test_a_large_file_is_refused() -> None:
    """The limit is in megabytes."""
    large = Change("commit", "main", largest=1024 * 1024 + 1)
    assert refuses(rule("max_file_size", max_file_size=1), large, is_app=False)


@pytest.mark.parametrize(
    "parameters",
    [
        {"operator": "regex", "pattern": "(?!x)"},
        {"operator": "sounds_like", "pattern": "x"},
        {"operator": "contains"},
    ],
)
def test_a_pattern_that_nobody_understands_refuses(
    parameters: dict[str, str], capfd: pytest.CaptureFixture[str]
) -> None:
    """RE2 has no lookahead; nothing is said on standard error."""
    assert breaks_pattern("x", parameters)
    assert breaks_pattern("x", parameters | {"negate": True})
    assert capfd.readouterr().err == ""
