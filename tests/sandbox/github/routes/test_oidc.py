"""The `sub` claim of a repository's id-tokens."""

from tests.sandbox.github.conftest import Api

SUB = "actions/oidc/customization/sub"
OLD, NEW = f"/repos/acme/billing/{SUB}", f"/repos/acme/empty/{SUB}"


def test_age_decides(api: Api) -> None:
    """An old repository has names in its subject, a new one has ids too."""
    assert api("GET", OLD).get_json() == {
        "use_default": True,
        "use_immutable_subject": False,
        "sub_claim_prefix": "repo:acme/billing",
    }
    assert api("GET", NEW).get_json() == {
        "use_default": True,
        "use_immutable_subject": True,
        "sub_claim_prefix": "repo:acme@21/empty@42",
    }


def test_a_rename_makes_it_immutable(api: Api) -> None:
    """A renamed repository has the immutable subject, with its new name."""
    api("PATCH", "/repos/acme/billing", {"name": "invoices"})
    found = api("GET", f"/repos/acme/invoices/{SUB}").get_json()
    assert found["sub_claim_prefix"] == "repo:acme@21/invoices@41"


def test_an_old_repository_may_opt_in_and_out(api: Api) -> None:
    """A PUT without `use_immutable_subject` keeps the setting."""
    api("PUT", OLD, {"use_default": True, "use_immutable_subject": True})
    api("PUT", OLD, {"use_default": True})
    assert api("GET", OLD).get_json()["sub_claim_prefix"] == "repo:acme@21/billing@41"
    api("PUT", OLD, {"use_default": True, "use_immutable_subject": False})
    assert api("GET", OLD).get_json()["sub_claim_prefix"] == "repo:acme/billing"


def test_an_organisation_opts_in_for_its_repositories(api: Api) -> None:
    """A repository's own setting overrides the organisation's."""
    api("PUT", f"/orgs/acme/{SUB}", {"use_immutable_subject": True})
    assert api("GET", OLD).get_json()["sub_claim_prefix"] == "repo:acme@21/billing@41"
    api("PUT", OLD, {"use_default": True, "use_immutable_subject": False})
    assert api("GET", OLD).get_json()["sub_claim_prefix"] == "repo:acme/billing"


def test_custom_claims_are_kept_until_the_default_returns(api: Api) -> None:
    """The claim keys are returned only while the repository does not use the default."""
    api("PUT", OLD, {"use_default": False, "include_claim_keys": ["repo", "job_workflow_ref"]})
    found = api("GET", OLD).get_json()
    assert found["include_claim_keys"] == ["repo", "job_workflow_ref"]
    for other in ({"use_default": True}, {"use_default": False}):
        api("PUT", OLD, {"use_default": False, "include_claim_keys": ["repo", "actor"]})
        api("PUT", OLD, other)
        found = api("GET", OLD).get_json()
        assert found["use_default"] is other["use_default"]
        assert "include_claim_keys" not in found
