from pathlib import Path

import pytest
import requests

from components.config.problems import ConfigurationError
from components.config.stack_files import StackFiles
from components.model.live import Live
from operations.live.github.api import GitHub
from operations.live.github.graphql import Question, ask
from operations.live.program import read_live
from sandbox.github import Server
from tests.operations.live.organization import TOKEN, asked, control
from tests.operations.live.organization import github as github  # noqa: PLC0414 - a fixture
from tests.stacks import SETTINGS, WriteStack


def live(server: Server, write_stack: WriteStack, settings: str = SETTINGS, **files: str) -> Live:
    """Return what GitHub has for a stack of these files."""
    return read_live(StackFiles(write_stack(settings, **files)), GitHub(server.url, TOKEN))


def test_each_repository_has_its_own_facts(github: Server, write_stack: WriteStack) -> None:
    """Id, default branch, subject and missing branches of each repository are GitHub's answers."""
    found = live(github, write_stack, a="repository: a\n", f="repository: fresh\n")
    assert found.repositories["a"].id == 11
    assert found.repositories["a"].default_branch == "main"
    assert found.repositories["a"].missing_branches == frozenset()
    assert found.repositories["a"].subject_prefix == "repo:acme/a"
    assert found.repositories["fresh"].missing_branches == {"develop"}
    assert found.repositories["fresh"].subject_prefix == "repo:acme@9/fresh@13"
    assert found.repositories["a"].visibility == "public"
    assert found.repositories["a"].html_url.endswith("/acme/a")
    assert found.repositories["a"].protection == {"main": ()}


REVIEWED = """\
repository: {}
environments:
  test: {{reviewers: {{users: [octocat], teams: [platform]}}}}
  prod: {{reviewers: {{users: [OCTOCAT], teams: [platform]}}}}
"""


@pytest.mark.parametrize(("owner", "known"), [("acmee", False), ("octocat", True)])
def test_an_unknown_owner_is_the_only_problem(
    github: Server, write_stack: WriteStack, owner: str, *, known: bool
) -> None:
    """An unknown owner is the only problem, without those of its teams and repositories.

    A known owner, here a user without repositories, has the latter problems instead.
    """
    settings = SETTINGS.replace("acme", owner)
    with pytest.raises(ConfigurationError) as caught:
        live(github, write_stack, settings, a=REVIEWED.format("a"), b="repository: b\n")
    said = [str(problem) for problem in caught.value.problems]
    unknown = (
        f"stacks/s/_stack.yaml:1: owner: GitHub knows no organisation or user {owner!r}: "
        "write it as in github.com/OWNER"
    )
    if not known:
        assert said == [unknown]
    else:
        assert unknown not in said
        assert any(f"{owner} has no team 'platform'" in line for line in said)
        assert any(f"{owner}/b is not shown by GitHub" in line for line in said)


@pytest.mark.parametrize(("branch", "missing"), [("100%23", False), ("100#", True)])
def test_a_branch_has_any_name_that_git_allows(
    github: Server, write_stack: WriteStack, branch: str, *, missing: bool
) -> None:
    """Branch names with `%` and `#` reach GitHub unchanged."""
    odd = f"repository: odd\nbranches: {{dev: '{branch}'}}\n"
    found = live(github, write_stack, a=odd).repositories["odd"].missing_branches
    assert found == (frozenset({branch}) if missing else frozenset())


def test_users_and_teams_are_requested_once_per_stack(
    github: Server, write_stack: WriteStack
) -> None:
    """Users and teams are requested once per stack, and nothing is written.

    One request is about all repositories. Each is asked for its subject, for the rules of each
    branch that gets files, and for the access of the team; every user may read a public one. As
    `b` has no develop, it is asked for names that are in its way, and for protection by pattern.
    """
    control(github, "requests/reset")
    found = live(github, write_stack, a=REVIEWED.format("a"), b=REVIEWED.format("b"))
    assert found.users == {"octocat": 7}
    assert found.teams == {"platform": 3}
    report = asked(github)
    counts = {row["route"].rpartition("/api/v3")[2]: row["count"] for row in report["routes"]}
    assert sum(count for route, count in counts.items() if "/users/" in route) == 1
    teams = {route: count for route, count in counts.items() if "/teams/" in route}
    assert sorted(teams.values()) == [1, 2]
    assert report["writes"] == 0
    assert report["total"] == 2 + 1 + 2 * 3 + 2 + 2


def test_an_apps_token_is_not_judged_by_a_users_role(
    github: Server, write_stack: WriteStack
) -> None:
    """The administrator's role is required of a user's token, not of an App's."""
    readers = [
        {"token": token, "login": "Octocat", "rights": {"*": "read"}}
        for token in ("ghs_app", "ghp_person")
    ]
    control(github, "seed", {"tokens": readers})
    files = StackFiles(write_stack(a="repository: a\n"))
    assert read_live(files, GitHub(github.url, "ghs_app")).repositories["a"].id == 11
    with pytest.raises(ConfigurationError, match="acme/a may not be administered with this token"):
        read_live(files, GitHub(github.url, "ghp_person"))


def test_graphqls_words_are_translated_to_those_of_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """GraphQL's `INTERNAL` and roles are translated to REST's words."""
    told = {
        "createdAt": "2026-01-01T00:00:00Z",
        "databaseId": 7,
        "defaultBranchRef": None,
        "head": None,
        "isArchived": False,
        "nameWithOwner": "acme/a",
        "owner": {"databaseId": 9},
        "url": "https://github.com/acme/a",
        "visibility": "INTERNAL",
    }
    roles = {"ADMIN": True, "MAINTAIN": False, "READ": False, None: True}
    for role, administered in roles.items():
        answer = {"r0": told | {"viewerPermission": role}}
        monkeypatch.setattr(GitHub, "query", lambda _self, _text, answer=answer: answer)
        found = ask(GitHub("https://github.com", TOKEN), "acme", [Question("a", ())])["a"]
        assert found is not None
        assert (found.visibility, found.public, found.empty) == ("internal", False, True)
        assert found.administered is administered


def test_prod_must_admit_the_branch_that_github_runs_it_on(
    github: Server, write_stack: WriteStack
) -> None:
    """Prod must admit the default branch, since `workflow_run` jobs run on it.

    The problem stands at the repository's own line, even if the stack's defaults have the patterns.
    """
    patterns = "defaults: {environments: {prod: {deployment_branches: [main, v1]}}}\n"
    with pytest.raises(ConfigurationError) as caught:
        live(github, write_stack, SETTINGS + patterns, f="# x\nrepository: flow\n")
    (problem,) = caught.value.problems
    place = "stacks/s/f.yaml:2: repository: acme/flow: GitHub runs the prod workflow on the default"
    assert str(problem).startswith(f"{place} branch 'develop', which prod does not admit")
    assert "declare `environments: {prod: {deployment_branches: [main, v1, develop]}}`" in str(
        problem
    )


def test_a_missing_branch_is_refused_and_a_default_branch_followed(
    github: Server, write_stack: WriteStack
) -> None:
    """A declared branch must exist; without a declaration the default branch replaces main."""
    declared = "repository: trunk\nbranches: {test: main, prod: main}\n"
    with pytest.raises(ConfigurationError) as caught:
        live(github, write_stack, t=declared)
    (problem,) = caught.value.problems
    assert str(problem).startswith("stacks/s/t.yaml:1: repository: acme/trunk has no branch 'main'")
    Path("stacks/s/t.yaml").write_text("repository: trunk\n", encoding="utf-8")
    found = read_live(StackFiles(Path("stacks/s")), GitHub(github.url, TOKEN))
    assert found.repositories["trunk"].default_branch == "trunk"
    assert found.repositories["trunk"].missing_branches == {"develop", "main"}


def test_a_customised_subject_is_refused(github: Server, write_stack: WriteStack) -> None:
    """A customised subject is refused, since it would not match the trust policy."""
    with pytest.raises(ConfigurationError) as caught:
        live(github, write_stack, c="repository: custom\n")
    assert "acme/custom has customised subject claims (repo, ref)" in str(caught.value)


def test_a_customisation_that_gives_the_default_is_accepted(
    github: Server, write_stack: WriteStack
) -> None:
    """A customisation that gives the default subject is accepted."""
    found = live(github, write_stack, p="repository: plain\n")
    assert found.repositories["plain"].subject_prefix == "repo:acme/plain"


def test_a_renamed_repository_is_named_by_its_new_name(
    github: Server, write_stack: WriteStack
) -> None:
    """A renamed repository is a problem that names the new name, without further requests."""
    url = f"{github.url}_sandbox/repositories/acme/moved"
    requests.patch(url, json={"name": "settled"}, timeout=10).raise_for_status()
    control(github, "requests/reset")
    with pytest.raises(ConfigurationError) as caught:
        live(github, write_stack, m="repository: moved\n")
    assert "acme/moved is acme/settled now: declare it by its new name" in str(caught.value)
    assert asked(github)["total"] == 1


def test_a_previous_name_leads_to_the_repository(github: Server, write_stack: WriteStack) -> None:
    """A previous name must lead to the repository or to none; another repository is a problem."""
    url = f"{github.url}_sandbox/repositories/acme/moved"
    requests.patch(url, json={"name": "settled"}, timeout=10).raise_for_status()
    found = live(github, write_stack, s="repository: settled\npreviously: [moved, SETTLED, x]\n")
    assert found.repositories["settled"].subject_prefix.startswith("repo:acme@9/settled@")
    named = {"owner": "acme", "name": "moved", "files": {"README.md": "# x\n"}}
    control(github, "seed", {"repositories": [named]})
    with pytest.raises(ConfigurationError) as caught:
        read_live(StackFiles(Path("stacks/s")), GitHub(github.url, TOKEN))
    (problem,) = caught.value.problems
    place = "stacks/s/s.yaml:2: previously: acme/moved is another repository than acme/settled now"
    assert str(problem).startswith(f"{place}: remove it if `pulumi up` ran since the rename")


@pytest.mark.parametrize(
    ("next_name", "problem"),
    [
        ("free", None),
        ("moved", None),
        ("B", "acme/B is another repository, so GitHub refuses this name: declare another one"),
        ("octocat@7/a", None),
        ("octocat@8/a", "GitHub's id of octocat is 7: write octocat@7/a, or no job gets a role"),
        ("nobody@7/a", "GitHub knows no organisation or user 'nobody': correct it"),
    ],
)
def test_a_planned_move_fits_what_is_there(
    github: Server, write_stack: WriteStack, next_name: str, problem: str | None
) -> None:
    """The next name is no other repository's, and the next owner has the declared id.

    A former name of another repository is free.
    """
    url = f"{github.url}_sandbox/repositories/acme/moved"
    requests.patch(url, json={"name": "settled"}, timeout=10).raise_for_status()
    roles = "".join(
        f"  {one}: {{role: {{name: billing.{one}}}}}\n" for one in ("dev", "test", "prod")
    )
    declared = f"repository: a\nnext_name: {next_name}\nenvironments:\n{roles}"
    if problem is None:
        assert live(github, write_stack, a=declared).repositories["a"].id == 11
        return
    with pytest.raises(ConfigurationError) as caught:
        live(github, write_stack, a=declared)
    (found,) = map(str, caught.value.problems)
    assert found.startswith(f"stacks/s/a.yaml:2: next_name: {problem}")


def test_every_problem_of_every_repository_is_reported_at_once(
    github: Server, write_stack: WriteStack
) -> None:
    """One run names every problem of every repository."""
    with pytest.raises(ConfigurationError) as caught:
        live(
            github,
            write_stack,
            a=REVIEWED.format("a").replace("octocat", "nobody"),
            n="repository: nothing\n",
            t="repository: flow\n",
        )
    assert len(caught.value.problems) == 3


@pytest.mark.usefixtures("no_backoff")
def test_a_temporary_error_is_retried(
    github: Server, write_stack: WriteStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 502 and a secondary rate limit are retried, the limit after its seconds; none is told."""
    waited: list[float] = []
    monkeypatch.setattr("operations.live.github.api.time.sleep", waited.append)
    control(github, "faults", {"kind": "status", "status": 502, "count": 2})
    control(github, "faults", {"kind": "secondary-limit", "status": 429, "retry_after": 1})
    assert live(github, write_stack, a="repository: a\n").repositories["a"].id == 11
    assert waited == [1]


def test_an_exhausted_limit_is_not_taken_for_missing_rights(
    github: Server, write_stack: WriteStack
) -> None:
    """An exhausted rate limit (403) is not reported as missing rights."""
    control(github, "faults", {"kind": "primary-limit", "count": None})
    with pytest.raises(ConfigurationError, match="limits the rate of this token") as caught:
        live(github, write_stack, a="repository: a\n")
    assert caught.value.exit_code == 1


@pytest.mark.usefixtures("no_backoff")
def test_a_lasting_error_is_reported(github: Server, write_stack: WriteStack) -> None:
    """A lasting server error is one message that names the request."""
    control(github, "faults", {"kind": "status", "status": 500, "count": None})
    with pytest.raises(ConfigurationError, match=r"answers 500 to graphql"):
        live(github, write_stack, a="repository: a\n")
