from sandbox.github.repositories import SubjectSettings
from tests.sandbox.tokens.conftest import WORKFLOW, Runner


def test_the_claims_of_a_push(runner: Runner) -> None:
    """A token has all documented claims that the emulator supports."""
    found = runner.claims("plain", run_id=99, audience="sts.amazonaws.com")
    sha = found["sha"]
    assert found["exp"] - found["iat"] == found["iat"] - found["nbf"] == 300
    for changing in ("jti", "nbf", "iat", "exp", "check_run_id"):
        assert found.pop(changing)
    ref = f"acme/billing/{WORKFLOW}@refs/heads/main"
    assert found == {
        "sub": "repo:acme/billing:ref:refs/heads/main",
        "aud": "sts.amazonaws.com",
        "iss": "https://token.actions.githubusercontent.com",
        "ref": "refs/heads/main",
        "sha": sha,
        "repository": "acme/billing",
        "repository_owner": "acme",
        "repository_owner_id": "21",
        "repository_id": "41",
        "repository_visibility": "public",
        "run_id": "99",
        "run_number": "1",
        "run_attempt": "1",
        "actor": "octocat",
        "actor_id": "12",
        "head_ref": "",
        "base_ref": "",
        "event_name": "push",
        "ref_protected": "false",
        "ref_type": "branch",
        "workflow": "ci",
        "workflow_ref": ref,
        "workflow_sha": sha,
        "job_workflow_ref": ref,
        "job_workflow_sha": sha,
        "runner_environment": "github-hosted",
    }


def test_a_job_with_an_environment_has_its_form_of_the_subject(runner: Runner) -> None:
    """The subject has the environment, and ids if the repository is new."""
    old, new = (runner.claims("deploy", repository=f"acme/{name}") for name in ("billing", "fresh"))
    assert old["sub"] == "repo:acme/billing:environment:prod"
    assert new["sub"] == "repo:acme@21/fresh@42:environment:prod"
    assert (old["environment"], old["runner_environment"]) == ("prod", "self-hosted")
    assert old["environment_node_id"]
    assert old["aud"] == "https://github.com/acme"


def test_a_colon_is_escaped_and_the_environment_made(runner: Runner) -> None:
    """A missing environment of a job is created, without protection."""
    found = runner.claims("colon")
    assert found["sub"] == "repo:acme/billing:environment:Production%3AV1"
    assert found["environment"] == "Production:V1"
    repository = runner.store.repository("acme", "billing")
    assert repository is not None
    assert "production:v1" in repository.environments


def test_a_pull_request_has_no_ref_in_its_subject(runner: Runner) -> None:
    """The subject of a pull request has no ref; its branches are separate claims."""
    refs = {"ref": "refs/pull/1/merge", "head_ref": "develop", "base_ref": "main"}
    found = runner.claims("plain", event="pull_request", **refs)
    assert found["sub"] == "repo:acme/billing:pull_request"
    assert (found["head_ref"], found["base_ref"]) == ("develop", "main")


def test_a_workflow_run_is_the_default_branchs(runner: Runner) -> None:
    """A `workflow_run` has the default branch, whatever triggered the run before it."""
    repository = runner.store.repository("acme", "billing")
    assert repository is not None
    branches = repository.git.branches()
    found = runner.claims("deploy", event="workflow_run", ref="refs/heads/develop")
    assert (found["ref"], found["sha"]) == ("refs/heads/main", branches["main"])


def test_a_template_that_says_the_default_sends_the_default(runner: Runner) -> None:
    """A template with repository and context gives the default, also the organisation's."""
    repository = runner.store.repository("acme", "billing")
    acme = runner.store.organization("acme")
    assert repository is not None
    assert acme is not None
    for keys in (("repo", "context"), ()):
        repository.subject = SubjectSettings(use_default=False, include_claim_keys=keys)
        assert runner.claims("deploy")["sub"] == "repo:acme/billing:environment:prod"
    acme.include_claim_keys = ("repo", "actor")
    assert runner.claims("deploy")["sub"] == "repo:acme/billing:actor:octocat"
    repository.subject = SubjectSettings(use_default=True)
    assert runner.claims("deploy")["sub"] == "repo:acme/billing:environment:prod"


def test_the_subject_follows_its_customisation(runner: Runner) -> None:
    """The subject has the customised claims; a claim that the job does not have is refused."""
    repository = runner.store.repository("acme", "billing")
    assert repository is not None
    keys = ("repo", "context", "environment", "actor")
    repository.subject = SubjectSettings(use_default=False, include_claim_keys=keys)
    expected = "repo:acme/billing:environment:prod:environment:prod:actor:octocat"
    assert runner.claims("deploy")["sub"] == expected
    _, run = runner.register()
    assert runner.ask("plain", run)[0] == 403
