"""Repositories, their teams and collaborators."""

from sandbox.github.accounts import Token
from sandbox.github.permissions import Permission
from sandbox.github.store import Store
from tests.sandbox.github.conftest import ADMIN, MEMBER, OUTSIDER, Api

R = "/repos/acme/billing"


def test_settings_are_kept_and_told(api: Api) -> None:
    """A PATCH does not change the members that it does not have."""
    api("PATCH", R, {"has_wiki": False, "homepage": "https://example.com"})
    found = api("PATCH", R, {"allow_auto_merge": True}).get_json()
    assert (found["has_wiki"], found["allow_auto_merge"]) == (False, True)
    assert found["homepage"] == "https://example.com"
    assert found["has_issues"] is True


def test_visibility_and_private_are_one(api: Api) -> None:
    """Both `private` and `visibility` make a repository private."""
    assert api("PATCH", R, {"private": True}).get_json()["visibility"] == "private"
    assert api("PATCH", R, {"visibility": "public"}).get_json()["private"] is False


def test_a_deleted_repository_is_gone(api: Api) -> None:
    """Deleting a repository deletes its grants and frees its name."""
    assert api("DELETE", R).status_code == 204
    assert api("GET", R).status_code == 404
    assert api("GET", "/orgs/acme/teams/payments/repos").get_json() == []
    again = api("POST", "/orgs/acme/repos", {"name": "billing"}).get_json()
    assert again["id"] != 41


def test_a_repository_can_be_unarchived(api: Api) -> None:
    """A PATCH can unarchive an archived repository, which then accepts other changes."""
    assert api("PATCH", "/repos/acme/old", {"archived": False}).status_code == 200
    assert api("PATCH", "/repos/acme/old", {"has_wiki": False}).status_code == 200


def test_an_archived_repository_can_be_deleted(api: Api) -> None:
    """An archived repository accepts its deletion."""
    assert api("DELETE", "/repos/acme/old").status_code == 204


def test_a_new_repository_has_a_first_commit_on_demand(api: Api) -> None:
    """`auto_init` creates a README; without it the repository is empty."""
    api("POST", "/orgs/acme/repos", {"name": "full", "auto_init": True, "team_id": 31})
    api("POST", "/user/repos", {"name": "bare", "private": True})
    assert len(api("GET", "/repos/acme/full/commits").get_json()) == 1
    assert api("GET", "/repos/boss/bare/commits").status_code == 409
    granted = api("GET", "/orgs/acme/teams/platform/repos").get_json()
    assert [repository["name"] for repository in granted] == ["full"]


def test_a_first_commit_has_the_files_of_its_templates(api: Api) -> None:
    """Each requested template is a file of the first commit."""
    new = {"name": "full", "auto_init": True, "gitignore_template": "Go", "license_template": "mit"}
    api("POST", "/orgs/acme/repos", new)
    found = api("GET", "/repos/acme/full/contents").get_json()
    assert {file["name"] for file in found} == {"README.md", ".gitignore", "LICENSE"}


def test_an_archived_repository_has_no_vulnerability_alerts(api: Api) -> None:
    """Archiving switches alerts off; unarchiving switches them on again."""
    api("PUT", f"{R}/vulnerability-alerts")
    api("PATCH", R, {"archived": True})
    assert api("GET", f"{R}/vulnerability-alerts").status_code == 404
    api("PATCH", R, {"archived": False})
    assert api("GET", f"{R}/vulnerability-alerts").status_code == 204


def test_members_and_outside_collaborators_are_listed(api: Api) -> None:
    """Members of the organisation and outside collaborators are listed, other users are not."""

    def listed() -> set[str]:
        return {user["login"] for user in api("GET", f"{R}/collaborators").get_json()}

    assert listed() == {"boss", "octocat"}
    assert api("GET", f"{R}/collaborators/octocat").status_code == 204
    assert api("GET", f"{R}/collaborators/stranger").status_code == 404
    api("PUT", f"{R}/collaborators/stranger", {"permission": "pull"})
    assert listed() == {"boss", "octocat", "stranger"}
    assert api("GET", f"{R}/collaborators/stranger").status_code == 204


def test_no_branch_is_protected(api: Api) -> None:
    """The list of protected branches is empty; the list of unprotected ones has all branches."""
    assert api("GET", f"{R}/branches?protected=true").get_json() == []
    assert len(api("GET", f"{R}/branches?protected=false").get_json()) == 2


def test_vulnerability_alerts_are_on_or_off(api: Api) -> None:
    """The status is 204 if alerts are on, and 404 if they are off."""
    api("PUT", f"{R}/vulnerability-alerts")
    assert api("GET", f"{R}/vulnerability-alerts").status_code == 204
    api("DELETE", f"{R}/vulnerability-alerts")
    assert api("GET", f"{R}/vulnerability-alerts").status_code == 404


def test_rights_come_from_every_source(api: Api) -> None:
    """The largest permission of public, member, team and collaborator counts."""

    def permission(login: str) -> str:
        path = f"{R}/collaborators/{login}/permission"
        found: str = api("GET", path).get_json()["role_name"]
        return found

    assert permission("stranger") == "read"
    api("PUT", f"{R}/collaborators/stranger", {"permission": "maintain"})
    assert permission("stranger") == "maintain"
    assert permission("boss") == "admin"
    api("PUT", "/orgs/acme/teams/payments/memberships/octocat")
    assert permission("octocat") == "write"
    api("DELETE", "/orgs/acme/teams/payments/repos/acme/billing")
    assert permission("octocat") == "read"
    listed = {c["login"]: c["role_name"] for c in api("GET", f"{R}/collaborators").get_json()}
    assert listed == {"boss": "admin", "octocat": "read", "stranger": "maintain"}


def test_permissions_in_answers_are_the_tokens(api: Api) -> None:
    """`permissions` in answers are those of the token's user."""
    assert api("GET", R).get_json()["permissions"]["admin"] is True
    seen = api("GET", R, token=OUTSIDER).get_json()
    assert seen["permissions"] == {
        "admin": False,
        "maintain": False,
        "push": False,
        "triage": False,
        "pull": True,
    }
    assert "allow_squash_merge" not in seen


def test_a_token_never_grants_more_than_it_has(api: Api, store: Store) -> None:
    """`rights` limit an administrator's token by repository; other repositories are hidden."""
    rights = {"acme/billing": Permission.PULL, "acme/hidden": Permission.ADMIN}
    store.tokens["capped"] = Token("capped", "boss", rights=rights)
    assert api("PUT", f"{R}/environments/x", token="capped").status_code == 403
    assert api("PUT", "/repos/acme/hidden/environments/x", token="capped").status_code == 200
    store.tokens["capped"].rights = {"acme/billing": Permission.ADMIN}
    assert api("GET", "/repos/acme/hidden", token="capped").status_code == 404
    names = [r["name"] for r in api("GET", "/orgs/acme/repos", token="capped").get_json()]
    assert "hidden" not in names


def test_private_repositories_are_listed_to_members(api: Api) -> None:
    """A user outside the organisation does not get private repositories."""
    for token, expected in ((ADMIN, True), (MEMBER, True), (OUTSIDER, False)):
        listed = api("GET", "/orgs/acme/repos", token=token).get_json()
        assert ("hidden" in {repository["name"] for repository in listed}) is expected


def test_a_team_is_one_by_slug_and_by_id(api: Api) -> None:
    """Both addresses of a team return the same team; go-github uses both."""
    by_slug = api("GET", "/orgs/acme/teams/platform").get_json()
    assert api("GET", "/organizations/21/team/31").get_json() == by_slug
    renamed = api("PATCH", "/organizations/21/team/31", {"name": "Core Platform"}).get_json()
    assert renamed["slug"] == "core-platform"
    assert api("GET", "/orgs/acme/teams/platform").status_code == 404
    assert api("GET", "/organizations/22/team/31").status_code == 404


def test_security_features_are_switched_one_by_one(api: Api) -> None:
    """A PATCH does not change features that it does not have; only administrators see them."""
    api("PATCH", R, {"security_and_analysis": {"secret_scanning": {"status": "enabled"}}})
    found = api("GET", R).get_json()["security_and_analysis"]
    assert found["secret_scanning"] == {"status": "enabled"}
    assert found["secret_scanning_push_protection"] == {"status": "disabled"}
    assert "security_and_analysis" not in api("GET", R, token=OUTSIDER).get_json()
