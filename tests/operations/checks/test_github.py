"""`slipway validate --live` asks GitHub questions, each with one line in the table."""

import pytest
import requests

from components.config.problems import ExitCode
from components.config.stack_files import StackFiles
from operations.checks.check import Result
from operations.checks.github import AFTERWARDS, OWNER
from operations.terminal.output import PROJECT
from tests.operations.checks.conftest import FILES, TOKEN, Looked
from tests.stacks import SETTINGS, WriteStack

A, B = "repository: a\n", "repository: b\n"
REVIEWED = f"{A}environments: {{prod: {{reviewers: {{teams: [platform], users: [octocat]}}}}}}\n"
RULES = {
    "name": "main is guarded",
    "enforcement": "active",
    "conditions": {"ref_name": {"include": ["refs/heads/main"], "exclude": []}},
    "rules": [{"type": "pull_request"}],
}


def fine_grained(looked: Looked, monkeypatch: pytest.MonkeyPatch, **permissions: str) -> None:
    """Use a fine-grained token with these permissions only."""
    token = {"token": "fine", "login": "boss", "kind": "fine-grained", "permissions": permissions}
    looked.seed(tokens=[token])
    monkeypatch.setenv("GITHUB_TOKEN", "fine")


EVERYTHING = {
    "actions": "read",
    "administration": "write",
    "contents": "write",
    "environments": "write",
    "members": "read",
    "workflows": "write",
}


def test_an_offboarding_is_a_notice_and_no_repository_to_onboard(
    looked: Looked, write_stack: WriteStack
) -> None:
    """A repository that leaves by pull request has a notice at the rules, and is not counted."""
    leaving = f"{B}offboarding: {{now: true}}\n"
    checks = looked.github(StackFiles(write_stack(a=A, b=leaving)))
    rules = checks["rules of branches"]
    assert rules.result is Result.NOTICE
    (notice,) = rules.notices
    assert (notice.file.rpartition("/")[2], notice.line) == ("b.yaml", 2)
    assert checks["repositories"].answer == "1 repository can be onboarded"


def test_every_question_has_one_line(looked: Looked, write_stack: WriteStack) -> None:
    """Each question has one line, the owner first, and the answers count the checked objects."""
    found = looked.look(StackFiles(write_stack(a=REVIEWED, b=B)))
    assert not found.problems
    github = [check for check in found.checks if check.of == "acme"]
    assert [check.name for check in github] == [OWNER, *AFTERWARDS]
    document = (PROJECT / "docs/checks.md").read_text("utf-8")
    named = {check.name for check in found.checks} - {"declarations"}
    assert [name for name in named if f"| `{name}` |" not in document] == []
    assert {check.result for check in github} == {Result.OK}
    answers = {check.name: check.answer for check in github}
    assert answers["repositories"] == "2 repositories can be onboarded"
    assert answers["reviewers"] == "1 user and 1 team"
    assert answers["branches"] == answers["rules of branches"] == "2 repositories"
    assert answers["existing objects"] == "2 repositories, by Pulumi's state"
    assert answers["token: writing"] == "scopes repo, workflow"
    assert answers["plan"] == "every repository is public, so any plan will do"
    assert looked.store.log.report()["writes"] == 0


def test_a_stack_without_repositories_has_a_table_as_well(
    looked: Looked, write_stack: WriteStack
) -> None:
    """No answer counts nothing: each line says that none is declared."""
    found = looked.look(StackFiles(write_stack()))
    assert not found.problems
    answers = {check.name: check.answer for check in found.checks}
    for name in ("declarations", "repositories", "reviewers", "branches", "rules of branches"):
        assert answers[name] == "none is declared"
    assert answers["existing objects"] == "no repository, by Pulumi's state"


@pytest.mark.parametrize(
    ("reviewers", "answer"),
    [
        ("{users: [octocat]}", "1 user"),
        ("{teams: [platform]}", "1 team"),
        ("{teams: [none, nobody]}", "2 teams: 2 problems"),
    ],
)
def test_reviewers_are_counted_in_words(
    looked: Looked, write_stack: WriteStack, reviewers: str, answer: str
) -> None:
    """Users and teams are counted apart, and the number of problems follows."""
    declared = f"{A}environments: {{prod: {{reviewers: {reviewers}}}}}\n"
    found = looked.github(StackFiles(write_stack(a=declared)))
    assert found["reviewers"].answer == answer


def test_what_was_not_asked_is_never_fine(
    looked: Looked, write_stack: WriteStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a valid token or owner, no line of GitHub or AWS is `ok`.

    Regions and declarations are checked without them.
    """
    files = StackFiles(write_stack(a=A))
    for variables, code in (
        ({"GITHUB_TOKEN": ""}, ExitCode.AUTHENTICATION),
        ({"GITHUB_TOKEN": "revoked"}, ExitCode.AUTHENTICATION),
        ({"GITHUB_OWNER": "other"}, ExitCode.CONFIGURATION),
    ):
        with monkeypatch.context() as changed:
            for name, value in variables.items():
                changed.setenv(name, value)
            found = looked.look(files)
        fine = {check.name for check in found.checks if check.result is Result.OK}
        assert fine == {"declarations", "region"}
        assert found.codes == [code]
        assert len(found.problems) == 1


@pytest.mark.usefixtures("no_backoff")
def test_github_out_of_reach_is_not_asked(
    looked: Looked, write_stack: WriteStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If GitHub cannot be reached, the owner is not asked, and the exit code is still 1."""
    monkeypatch.setenv("GITHUB_BASE_URL", "http://127.0.0.1:9/")
    found = looked.github(StackFiles(write_stack(a=A)))
    assert {check.result for check in found.values()} == {Result.NOT_ASKED}
    assert found[OWNER].code == ExitCode.ERROR
    assert "cannot be reached" in found[OWNER].problems[0].text


def test_an_unknown_owner_is_asked_first(looked: Looked, write_stack: WriteStack) -> None:
    """An unknown owner costs one request and is the only problem, at its line."""
    files = StackFiles(write_stack(SETTINGS.replace("acme", "acmee"), a=A))
    (problem,) = looked.look(files).problems
    assert str(problem).startswith("stacks/s/_stack.yaml:1: owner: GitHub knows no organisation")
    assert looked.store.log.report()["total"] == 1


def test_each_problem_stands_at_its_question(looked: Looked, write_stack: WriteStack) -> None:
    """Each problem is counted only at the question that found it."""
    looked.seed(
        repositories=[{"owner": "acme", "name": "flow", "files": FILES, "archived": True}],
        users=[{"login": "stranger"}],
    )
    looked.store.repository("acme", "b").default_branch = "develop"  # type: ignore[union-attr]
    found = looked.github(
        StackFiles(
            write_stack(
                a=REVIEWED.replace("octocat", "nobody-here"), b=B, flow="repository: flow\n"
            )
        )
    )
    bad = {name: len(one.problems) for name, one in found.items() if one.problems}
    assert bad == {"reviewers": 1, "branches": 1, "repositories": 1}
    assert found["repositories"].answer == "2 of 3 repositories can be onboarded: 1 problem"


@pytest.mark.parametrize(
    ("lost", "asked", "told"),
    [
        ("members", "reviewers", "read orgs/acme/teams/platform"),
        ("actions", "branches", "read repos/acme/a/actions/oidc/customization/sub"),
        ("environments", "existing objects", "lacks the permission environments: `up` writes its"),
        ("administration", None, "lacks the permission administration: `up` writes an environment"),
        (None, None, ""),
    ],
)
def test_a_permission_that_a_token_lacks(
    looked: Looked,
    write_stack: WriteStack,
    monkeypatch: pytest.MonkeyPatch,
    *,
    lost: str | None,
    asked: str | None,
    told: str,
) -> None:
    """A permission that the token lacks is a refusal; a question that needs it is not asked.

    All other questions are asked. GitHub does not tell which permissions to write a token has.
    """
    having = {name: level for name, level in EVERYTHING.items() if name != lost}
    fine_grained(looked, monkeypatch, **having)
    existing = [{"owner": "acme", "name": "c", "files": FILES, "environments": [{"name": "prod"}]}]
    looked.seed(repositories=existing)
    stack = write_stack(a=REVIEWED, b=B, c="repository: c\n")
    found = looked.github(StackFiles(stack))
    writing = found["token: writing"]
    assert writing.result is Result.NOT_ASKED
    assert "`up` needs to write administration, contents, environments, workflows" in writing.answer
    reading = found["token: reading"]
    assert reading.code == ExitCode.AUTHENTICATION
    if lost is None:
        assert reading.result is Result.OK
        return
    (problem,) = reading.problems
    assert told in problem.text
    if asked:
        assert found[asked].result is Result.NOT_ASKED
    assert {check.name for check in found.values() if check.problems} == {"token: reading"}
    assert found["owner"].result is Result.OK
    if lost == "members":
        assert found["repositories"].result is Result.OK


def test_a_plan_that_nobody_tells_is_a_problem_of_private_repositories(
    looked: Looked, write_stack: WriteStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a repository with environments is not public, the plan must be known or stated.

    Without it `up` could end half-way. A stated plan was not asked, and is no `ok`.
    """
    looked.seed(repositories=[{"owner": "acme", "name": "vault", "files": FILES, "private": True}])
    fine_grained(looked, monkeypatch, **EVERYTHING)
    folder = write_stack(v="repository: vault\n")
    plan = looked.github(StackFiles(folder))["plan"]
    assert plan.result is Result.PROBLEM
    (problem,) = plan.problems
    assert str(problem).startswith("stacks/s/_stack.yaml:1: owner: the plan of acme is not known")
    (folder / "v.yaml").write_text("repository: vault\ndeploy: none\n", encoding="utf-8")
    assert looked.github(StackFiles(folder))["plan"].result is Result.NOT_ASKED
    (folder / "_stack.yaml").write_text(f"{SETTINGS}plan: enterprise\n", encoding="utf-8")
    plan = looked.github(StackFiles(folder))["plan"]
    assert (plan.result, plan.notices) == (Result.NOT_ASKED, ())
    assert "the stated enterprise was taken" in plan.answer


@pytest.mark.parametrize("delivery", ["direct", "auto"])
def test_rules_that_refuse_direct_commits(
    looked: Looked, write_stack: WriteStack, delivery: str
) -> None:
    """`delivery: direct` where rules refuse commits is a problem at its line, before `up` fails."""
    looked.seed(repositories=[GUARDED])
    url = f"{looked.server.url}api/v3/repos/acme/guarded/rulesets"
    token = {"Authorization": f"Bearer {TOKEN}"}
    requests.post(url, json=RULES, headers=token, timeout=10).raise_for_status()
    files = StackFiles(write_stack(g=f"repository: guarded\ndelivery: {delivery}\n"))
    rules = looked.github(files)["rules of branches"]
    if delivery == "auto":
        assert rules.result is Result.OK
        assert rules.answer == "1 repository, 1 branch gets files by pull request"
        return
    (problem,) = rules.problems
    assert str(problem).startswith("stacks/s/g.yaml:2: delivery: rules refuse commits to 'main'")
    assert "write `delivery: auto`" in problem.text


def test_no_pull_request_helps_direct_commits_against_rules_for_every_push(
    looked: Looked, write_stack: WriteStack
) -> None:
    """The text does not advise one; files that leave by commits are judged as well."""
    looked.seed(repositories=[GUARDED | {"private": True, "files": FILES | OWN}])
    paths = {"restricted_file_paths": [".github/workflows/*"]}
    rules = [{"type": "file_path_restriction", "parameters": paths}]
    body = {"name": "files", "target": "push", "enforcement": "active", "rules": rules}
    url = f"{looked.server.url}api/v3/repos/acme/guarded/rulesets"
    token = {"Authorization": f"Bearer {TOKEN}"}
    requests.post(url, json=body, headers=token, timeout=10).raise_for_status()
    leaving = "repository: guarded\ndelivery: direct\noffboarding: {now: true}\n"
    problems = looked.github(StackFiles(write_stack(g=leaving)))["rules of branches"].problems
    assert [str(one).partition(": rules")[0] for one in problems] == [
        "stacks/s/g.yaml:2: delivery"
    ] * 2
    for branch, problem in zip(("develop", "main"), problems, strict=True):
        assert f"refuse commits to {branch!r} of acme/guarded, which `direct` makes" in problem.text
        assert "(`file_path_restriction` of ruleset 'files')" in problem.text
        assert "a pull request does not help" in problem.text
        assert "auto" not in problem.text


OWN = {".github/workflows/python-dev.yml": "name: x\n"}
GUARDED = {"owner": "acme", "name": "guarded", "files": FILES, "branches": ["develop"]}
