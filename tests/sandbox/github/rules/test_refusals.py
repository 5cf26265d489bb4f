"""What rulesets and classic protection refuse, in each way into a branch, and to whom."""

from base64 import b64encode
from typing import Any

import pytest

from sandbox.github.planting import plant
from sandbox.github.seed import Seed
from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, MEMBER, Api
from tests.sandbox.github.refusals import assert_refused
from tests.sandbox.github.test_contract import PROTECTION, RULESET

R = "/repos/acme/billing"
FILE = {"message": "fix: m", "content": b64encode(b"x").decode(), "branch": "main"}
REVIEWED = {
    "required_approving_review_count": 1,
    "dismiss_stale_reviews_on_push": False,
    "require_code_owner_review": False,
    "require_last_push_approval": False,
    "required_review_thread_resolution": False,
}
PULL: dict[str, Any] = {"type": "pull_request", "parameters": REVIEWED}
BY_PULL = "Changes must be made through a pull request."
APPROVED = "At least 1 approving review is required by reviewers with write access."


def checks(*contexts: str, on_create: bool = True) -> dict[str, Any]:
    """The rule that demands status checks."""
    return {
        "type": "required_status_checks",
        "parameters": {
            "strict_required_status_checks_policy": False,
            "do_not_enforce_on_create": not on_create,
            "required_status_checks": [{"context": each} for each in contexts],
        },
    }


def pattern(kind: str, operator: str, text: str, *, negate: bool = False) -> dict[str, Any]:
    """A rule about texts."""
    return {"type": kind, "parameters": {"operator": operator, "pattern": text, "negate": negate}}


def rule(api: Api, *rules: dict[str, Any], **members: Any) -> dict[str, Any]:
    """Make a ruleset for all branches."""
    everywhere = {"conditions": {"ref_name": {"include": ["~ALL"], "exclude": []}}}
    body = RULESET | {"name": "all"} | everywhere | {"rules": list(rules)} | members
    answer = api("POST", f"{R}/rulesets", body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def heads(store: Store) -> dict[str, str]:
    """The branches of the repository."""
    return store.repositories[41].git.branches()


def refused(api: Api, store: Store, request: tuple[str, str, Any]) -> tuple[int, str]:
    """Status and message of a request that changes nothing."""
    before = heads(store)
    answer = api(*request)
    assert heads(store) == before
    return answer.status_code, answer.get_json()["message"]


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ([{"type": "update"}], "Cannot update this protected ref."),
        ([PULL], BY_PULL),
        ([{"type": "required_signatures"}], "Commits must have verified signatures."),
        ([checks("ci")], 'Required status check "ci" is expected.'),
        ([checks("ci", "lint")], "2 of 2 required status checks are expected."),
        ([PULL, checks("ci")], f'{BY_PULL}\n\nRequired status check "ci" is expected.'),
        (
            [pattern("commit_message_pattern", "starts_with", "feat")],
            "Commit message must start with: feat",
        ),
        (
            [pattern("commit_message_pattern", "regex", "^fix", negate=True)],
            "Commit message must not match a given regex pattern: ^fix",
        ),
        (
            [pattern("commit_author_email_pattern", "ends_with", "@acme.example")],
            "Commit author email must end with: @acme.example",
        ),
        (
            [pattern("committer_email_pattern", "contains", "acme.example")],
            "Committer email must contain: acme.example",
        ),
        (
            [pattern("branch_name_pattern", "starts_with", "feature/")],
            "Branch name must start with: feature/",
        ),
        (
            [
                {
                    "type": "file_path_restriction",
                    "parameters": {"restricted_file_paths": [".github/**/*"]},
                }
            ],
            "File path is restricted",
        ),
    ],
    ids=lambda value: value[0]["type"] if isinstance(value, list) else "",
)
def test_a_ruleset_refuses_a_file(
    api: Api, store: Store, rules: list[dict[str, Any]], sentence: str
) -> None:
    """A file is refused with 409 and one sentence a rule; without the ruleset it is written."""
    made = rule(api, *rules)
    path = f"{R}/contents/.github/x"
    said = refused(api, store, ("PUT", path, FILE))
    assert said == (409, f"Repository rule violations found\n\n{sentence}\n\n")
    assert api("PUT", f"{R}/rulesets/{made['id']}", {"enforcement": "disabled"}).status_code == 200
    assert api("PUT", path, FILE).status_code == 201


@pytest.mark.parametrize(
    ("parameters", "body", "sentence"),
    [
        (
            {"restricted_file_extensions": [".x"]},
            b"",
            "File extension is restricted",
        ),
        (
            {"max_file_path_length": 9},
            b"",
            "File path must be 9 characters or less",
        ),
        (
            {"max_file_size": 1},
            b"x" * (1024 * 1024 + 1),
            "File size must be 1 MB or less",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_push_ruleset_is_about_files(
    api: Api, store: Store, parameters: dict[str, Any], body: bytes, sentence: str
) -> None:
    """It applies to every branch, and lets other files pass."""
    (name,) = parameters
    kind = name if name.startswith("max") else "file_extension_restriction"
    members = {"target": "push", "conditions": None}
    rule(api, {"type": kind, "parameters": parameters}, **members)
    sent = FILE | {"branch": "develop", "content": b64encode(body).decode()}
    said = refused(api, store, ("PUT", f"{R}/contents/folder/file.x", sent))
    assert said == (409, f"Repository rule violations found\n\n{sentence}\n\n")
    assert api("PUT", f"{R}/contents/a.py", FILE).status_code == 201


def test_a_deleted_file_is_a_commit_as_well(api: Api, store: Store) -> None:
    """DELETE of a file is refused like PUT."""
    rule(api, PULL)
    entry = api("GET", f"{R}/contents/README.md").get_json()
    body = {"message": "m", "sha": entry["sha"]}
    assert refused(api, store, ("DELETE", f"{R}/contents/README.md", body))[0] == 409


@pytest.mark.parametrize(
    ("kind", "request_", "sentence"),
    [
        (
            "creation",
            ("POST", "/git/refs", {"ref": "refs/heads/new", "sha": "{main}"}),
            "Cannot create ref due to creations being restricted.",
        ),
        (
            "update",
            ("PATCH", "/git/refs/heads/main", {"sha": "{develop}"}),
            "Cannot update this protected ref.",
        ),
        (
            "non_fast_forward",
            ("PATCH", "/git/refs/heads/develop", {"sha": "{main}", "force": True}),
            "Cannot force-push to this branch",
        ),
        ("deletion", ("DELETE", "/git/refs/heads/develop", {}), "Cannot delete this branch"),
    ],
)
def test_a_ruleset_refuses_a_reference(
    api: Api, store: Store, kind: str, request_: tuple[str, str, Any], sentence: str
) -> None:
    """A reference is refused with 422."""
    method, path, body = request_
    rule(api, {"type": kind})
    ids = heads(store)
    sent = body | ({"sha": body["sha"].format(**ids)} if body else {})
    said = refused(api, store, (method, f"{R}{path}", sent))
    assert said == (422, f"Repository rule violations found\n\n{sentence}\n\n")


def test_a_branch_is_made_without_a_pull_request(api: Api, store: Store) -> None:
    """The rule about pull requests refuses no creation and no deletion of a branch."""
    rule(api, PULL, checks("ci", on_create=False))
    body = {"ref": "refs/heads/new", "sha": heads(store)["main"]}
    assert api("POST", f"{R}/git/refs", body).status_code == 201
    assert api("DELETE", f"{R}/git/refs/heads/new").status_code == 204


@pytest.mark.parametrize("kind", ["creation", "deletion"])
def test_a_rename_makes_and_deletes_a_branch(api: Api, store: Store, kind: str) -> None:
    """A ruleset that refuses one of the two refuses the rename."""
    rule(api, {"type": kind})
    rename = ("POST", f"{R}/branches/develop/rename", {"new_name": "next"})
    assert refused(api, store, rename)[0] == 422


def test_a_linear_history_has_no_merge_commit(api: Api, store: Store) -> None:
    """`POST /merges` is refused with 409."""
    rule(api, {"type": "required_linear_history"})
    api("PUT", f"{R}/contents/y", FILE)
    status, message = refused(
        api, store, ("POST", f"{R}/merges", {"base": "main", "head": "develop"})
    )
    assert status == 409
    assert "This branch must not contain merge commits." in message


def test_a_tag_ruleset_is_about_tags(api: Api, store: Store) -> None:
    """It refuses tags and no branch."""
    rule(api, {"type": "creation"}, target="tag")
    sha = heads(store)["main"]
    tag = ("POST", f"{R}/git/refs", {"ref": "refs/tags/v1", "sha": sha})
    assert refused(api, store, tag)[0] == 422
    assert api("POST", f"{R}/git/refs", {"ref": "refs/heads/v1", "sha": sha}).status_code == 201


def test_a_check_that_succeeded_lets_a_commit_in(api: Api, store: Store) -> None:
    """The checks of the new commit count, with the word of their result."""
    rule(api, checks("ci"), conditions={"ref_name": {"include": ["~DEFAULT_BRANCH"]}})
    develop = heads(store)["develop"]
    move = ("PATCH", f"{R}/git/refs/heads/main", {"sha": develop})
    results = store.repositories[41].checks.setdefault(develop, {})
    for result, word in (("pending", "pending"), ("failure", "failing")):
        results["ci"] = result
        assert f'Required status check "ci" is {word}.' in refused(api, store, move)[1]
    results["ci"] = "success"
    assert api(*move).status_code == 200


def test_checks_in_several_states(api: Api, store: Store) -> None:
    """One sentence counts them by state."""
    rule(api, checks("a", "b", "c"), conditions={"ref_name": {"include": ["~DEFAULT_BRANCH"]}})
    develop = heads(store)["develop"]
    store.repositories[41].checks[develop] = {"a": "success", "b": "pending"}
    said = refused(api, store, ("PATCH", f"{R}/git/refs/heads/main", {"sha": develop}))[1]
    words = "2 of 3 required status checks have not succeeded: 1 pending and 1 expected."
    assert words in said


def test_commits_of_an_app_are_signed(api: Api, store: Store) -> None:
    """GitHub signs an App's commit unless it names an author; nobody else's by this route."""
    app = {"token": "app", "login": "boss", "kind": "app", "app": "change-gate"}
    plant(store, Seed.model_validate({"tokens": [app]}))
    rule(api, {"type": "required_signatures"})
    named = FILE | {"author": {"name": "Bot", "email": "bot@acme.example"}}
    for token, body, status in ((ADMIN, FILE, 409), ("app", named, 409), ("app", FILE, 201)):
        assert api("PUT", f"{R}/contents/x", body, token=token).status_code == status
    tip = api("GET", f"{R}/commits/main").get_json()
    assert tip["commit"]["verification"]["reason"] == "valid"
    assert (
        api("GET", f"{R}/commits/develop").get_json()["commit"]["verification"]["verified"] is False
    )


@pytest.mark.parametrize(
    ("actor", "said"),
    [
        ({"actor_type": "RepositoryRole", "actor_id": 5}, "always"),
        ({"actor_type": "OrganizationAdmin"}, "always"),
        ({"actor_type": "User", "actor_id": 11, "bypass_mode": "exempt"}, "exempt"),
        ({"actor_type": "User", "actor_id": 12}, "never"),
        ({"actor_type": "Team", "actor_id": 31}, "never"),
        ({"actor_type": "Integration", "actor_id": 51}, "never"),
        ({"actor_type": "DeployKey"}, "never"),
        (
            {"actor_type": "OrganizationAdmin", "bypass_mode": "pull_request"},
            "pull_requests_only",
        ),
    ],
    ids=lambda value: value["actor_type"] if isinstance(value, dict) else value,
)
def test_bypass(api: Api, actor: dict[str, Any], said: str) -> None:
    """Who is listed may write, if the mode says so; `current_user_can_bypass` tells it before."""
    made = rule(api, PULL, bypass_actors=[actor])
    assert made["current_user_can_bypass"] == said
    status = 201 if said in {"always", "exempt"} else 409
    assert api("PUT", f"{R}/contents/x", FILE).status_code == status


def test_an_app_bypasses_by_its_own_name_only(api: Api, store: Store) -> None:
    """Roles of the user behind an App's token do not count."""
    app = {"token": "app", "login": "boss", "kind": "app", "app": "change-gate"}
    plant(store, Seed.model_validate({"tokens": [app]}))
    made = rule(api, PULL, bypass_actors=[{"actor_type": "OrganizationAdmin"}])
    assert api("PUT", f"{R}/contents/x", FILE, token="app").status_code == 409
    listed = {"bypass_actors": [{"actor_type": "Integration", "actor_id": 51}]}
    api("PUT", f"{R}/rulesets/{made['id']}", listed)
    assert api("PUT", f"{R}/contents/x", FILE, token="app").status_code == 201
    assert api("PUT", f"{R}/contents/y", FILE).status_code == 409


def test_the_bypass_list_is_for_writers(api: Api) -> None:
    """Readers of a ruleset do not see whom it lets through."""
    made = rule(api, PULL, bypass_actors=[{"actor_type": "OrganizationAdmin"}])
    path = f"{R}/rulesets/{made['id']}"
    assert "bypass_actors" in api("GET", path).get_json()
    shown = api("GET", path, token=MEMBER).get_json()
    assert "bypass_actors" not in shown
    assert shown["current_user_can_bypass"] == "never"


def test_an_organisation_refuses_too(api: Api, store: Store) -> None:
    """Its ruleset is listed with its source, and binds the repositories that it names."""
    conditions = {
        "ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []},
        "repository_name": {"include": ["bill*"], "exclude": []},
    }
    body = RULESET | {"conditions": conditions, "rules": [PULL]}
    made = api("POST", "/orgs/acme/rulesets", body).get_json()
    (found,) = api("GET", f"{R}/rules/branches/main", token=MEMBER).get_json()
    assert (found["ruleset_source_type"], found["ruleset_source"]) == ("Organization", "acme")
    assert [each["id"] for each in api("GET", f"{R}/rulesets").get_json()] == [made["id"]]
    assert api("GET", f"{R}/rulesets?includes_parents=false").get_json() == []
    assert refused(api, store, ("PUT", f"{R}/contents/x", FILE))[0] == 409
    assert api("PUT", "/repos/acme/hidden/contents/x", FILE).status_code == 201


def test_rules_of_a_branch_have_pages(api: Api) -> None:
    """Every active rule is one entry; a page has as many as asked for."""
    rule(api, *({"type": each} for each in ("update", "deletion", "required_signatures")))
    first = api("GET", f"{R}/rules/branches/main?per_page=2")
    assert [each["type"] for each in first.get_json()] == ["update", "deletion"]
    assert 'rel="next"' in first.headers["Link"]
    second = api("GET", f"{R}/rules/branches/main?per_page=2&page=2").get_json()
    assert [each["type"] for each in second] == ["required_signatures"]


def test_a_rule_that_cannot_be_judged_makes_no_answer_up(api: Api) -> None:
    """A write under a rule of an unsupported type is 501; the rule itself is stored."""
    rule(api, {"type": "merge_queue", "parameters": {}})
    headers = {"Authorization": f"Bearer {ADMIN}"}
    answer = api.client.put(f"/api/v3{R}/contents/x", json=FILE, headers=headers)
    assert answer.status_code == 501


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"rules": [{"type": "magic"}]}, "Validation Failed"),
        ({"rules": [{"type": "pull_request", "parameters": {}}]}, "wasn't supplied"),
        ({"name": "all"}, "Validation Failed"),
        ({"enforcement": "sometimes"}, "enforcement"),
        ({"bypass_actors": [{"actor_type": "Everybody"}]}, "actor_type"),
    ],
    ids=["type", "parameters", "name", "enforcement", "actor"],
)
def test_a_wrong_ruleset_is_422(api: Api, store: Store, change: dict[str, Any], told: str) -> None:
    """Unknown types, missing parameters and a name that is taken; nothing is stored."""
    rule(api)
    answer = api("POST", f"{R}/rulesets", RULESET | {"name": "second"} | change)
    assert answer.status_code == 422
    assert told in answer.get_json()["message"]
    assert len(store.repositories[41].rulesets) == 1


def test_a_free_plan_has_no_rules_for_private_repositories(api: Api, store: Store) -> None:
    """Reading them is refused with GitHub's words, and those from before bind nobody."""
    api("PUT", f"{R}/branches/main/protection", PROTECTION)
    rule(api, PULL)
    repository = store.repositories[41]
    repository.private, repository.owner.plan = True, "free"
    for path in ("rulesets", "rules/branches/main", "branches/main/protection"):
        assert_refused(
            api, store, ("plan", ("GET", f"{R}/{path}", None), 403, "Upgrade to GitHub Pro or make")
        )
    assert api("GET", f"{R}/branches/main").get_json()["protected"] is False
    assert api("PUT", f"{R}/contents/x", FILE).status_code == 201


NOT_AUTHORIZED = (
    "You're not authorized to push to this branch. Visit "
    "https://docs.github.com/articles/about-protected-branches/ for more information."
)
STATUS = {"strict": False, "contexts": ["ci", "lint"]}
USERS = {"users": ["octocat"], "teams": []}


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({}, BY_PULL),
        (
            {"required_status_checks": STATUS},
            f"{BY_PULL} 2 of 2 required status checks are expected.",
        ),
        (
            {"required_pull_request_reviews": None, "restrictions": USERS},
            NOT_AUTHORIZED,
        ),
        (
            {"required_pull_request_reviews": None, "lock_branch": True},
            "Cannot change this locked branch",
        ),
    ],
    ids=["reviews", "checks", "restrictions", "locked"],
)
def test_classic_protection_refuses_a_file(
    api: Api, store: Store, members: dict[str, Any], sentence: str
) -> None:
    """409 with the verb and all reasons in one line; administrators pass without enforce_admins."""
    protection = f"{R}/branches/main/protection"
    assert api("PUT", protection, PROTECTION | members).status_code == 200
    write = ("PUT", f"{R}/contents/x", FILE)
    assert refused(api, store, write) == (409, f"Could not create file: {sentence}")
    change = FILE | {"sha": api("GET", f"{R}/contents/README.md").get_json()["sha"]}
    status, message = refused(api, store, ("PUT", f"{R}/contents/README.md", change))
    assert (status, message) == (409, f"Could not update file: {sentence}")
    move = ("PATCH", f"{R}/git/refs/heads/main", {"sha": heads(store)["develop"]})
    assert refused(api, store, move) == (422, sentence)
    api("PUT", protection, PROTECTION | members | {"enforce_admins": False})
    assert api(*write).status_code == 201


def test_classic_protection_keeps_a_branch(api: Api, store: Store) -> None:
    """It is neither deleted nor loses commits, also by administrators, unless it says so."""
    path = f"{R}/branches/develop/protection"
    lenient = PROTECTION | {"enforce_admins": False, "required_pull_request_reviews": None}
    api("PUT", path, lenient)
    ref, main = f"{R}/git/refs/heads/develop", heads(store)["main"]
    assert refused(api, store, ("DELETE", ref, None))[0] == 422
    assert refused(api, store, ("PATCH", ref, {"sha": main, "force": True}))[0] == 422
    api("PUT", path, lenient | {"allow_force_pushes": True, "allow_deletions": True})
    assert api("PATCH", ref, {"sha": main, "force": True}).status_code == 200
    assert api("DELETE", ref).status_code == 204


def test_classic_signatures_have_a_route_of_their_own(api: Api, store: Store) -> None:
    """They are switched by POST and DELETE, and a PUT of the protection keeps them."""
    path = f"{R}/branches/main/protection"
    body = PROTECTION | {"required_pull_request_reviews": None}
    api("PUT", path, body)
    api("POST", f"{path}/required_signatures")
    assert api("PUT", path, body).get_json()["required_signatures"]["enabled"] is True
    said = refused(api, store, ("PUT", f"{R}/contents/x", FILE))
    assert said == (409, "Could not create file: Commits must have verified signatures.")
    api("DELETE", f"{path}/required_signatures")
    assert api("PUT", f"{R}/contents/x", FILE).status_code == 201


def test_an_allowance_lets_its_users_write(api: Api) -> None:
    """`bypass_pull_request_allowances` exempts from pull requests, also with enforce_admins."""
    allowed = {"required_approving_review_count": 1, "bypass_pull_request_allowances": USERS}
    body = PROTECTION | {"required_pull_request_reviews": allowed}
    api("PUT", f"{R}/branches/main/protection", body)
    api("PUT", f"{R}/collaborators/octocat", {"permission": "push"})
    assert api("PUT", f"{R}/contents/x", FILE).status_code == 409
    assert api("PUT", f"{R}/contents/x", FILE, token=MEMBER).status_code == 201
