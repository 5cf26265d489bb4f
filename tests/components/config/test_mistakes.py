"""Each mistake that a file can hold, and the one message about it."""

import pytest

from tests.operations.live.reading import A, problems, prod
from tests.stacks import WriteStack

SEVEN = "[u1, u2, u3, u4, u5, u6, u7]"
WRONG = {
    "unknown key": (
        "repository: a\ndeployy: {}\n",
        (
            f"{A}:2: deployy: unknown key, allowed are branches, delivery, python_versions, "
            "profile, runs_on, timeout_minutes, actions, ci, environments, deploy, package, "
            "artifacts, offboarding, unmanaged, repository, working_directory, packages, "
            "previously, next_name; did you mean deploy?"
        ),
    ),
    "an action that no workflow uses": (
        "repository: a\nactions:\n  actions/setup-node: v4\n",
        (
            f"{A}:3: actions.actions/setup-node: 'actions/setup-node' is no action that the "
            "workflows use: allowed are actions/checkout, actions/setup-python, actions/cache, "
            "actions/upload-artifact, actions/download-artifact, "
            "aws-actions/configure-aws-credentials"
        ),
    ),
    "an action's version as a number": (
        "repository: a\nactions: {actions/checkout: 6}\n",
        f"{A}:2: actions.actions/checkout: found 6, expected text (in quotes)",
    ),
    "a branch of an action in the strict profile": (
        "repository: a\nprofile: strict\nactions:\n  actions/cache: v5\n",
        (f"{A}:4: actions.actions/cache: 'v5' is not pinned: the strict profile wants a commit id"),
    ),
    "key one level too high": (
        "repository: a\nreviewers: {teams: [x]}\n",
        (
            f"{A}:2: reviewers: unknown key here, it belongs below environments.{{dev,test}} or "
            "below environments.prod; allowed here are branches, delivery, python_versions, "
            "profile, runs_on, timeout_minutes, actions, ci, environments, deploy, package, "
            "artifacts, offboarding, unmanaged, repository, working_directory, packages, previously"
        ),
    ),
    "key one level too low": (
        prod("profile: strict"),
        (
            f"{A}:4: environments.prod.profile: unknown key here, it belongs at the top of the "
            "file; allowed here are reviewers, wait_minutes, prevent_self_review, admin_bypass, "
            "deployment_branches, deployment_tags, deployment_protection_rules, secrets, "
            "variables, exclusive, role"
        ),
    ),
    "unknown key deep down": (
        prod("reviewers: {team: [x]}"),
        (
            f"{A}:4: environments.prod.reviewers.team: unknown key, allowed are users, teams; "
            "did you mean teams?"
        ),
    ),
    "bad type": (
        prod("wait_minutes: soon"),
        f"{A}:4: environments.prod.wait_minutes: found 'soon', expected a whole number",
    ),
    "number for text": (
        prod("variables: {PORT: 80}"),
        f"{A}:4: environments.prod.variables.PORT: found 80, expected text (in quotes)",
    ),
    "list for mapping": (
        prod("reviewers: [octocat]"),
        f"{A}:4: environments.prod.reviewers: found a list, expected keys and values: users, teams",
    ),
    "list for names of the user's own": (
        "repository: a\npackages: [api]\n",
        f"{A}:2: packages: found a list, expected keys and values",
    ),
    "nothing in a list": (
        "repository: a\nruns_on: []\n",
        f"{A}:2: runs_on: found a list; expected at least 1 in it",
    ),
    "null for a value": (
        "repository: a\ndeploy:\n  after:\n    - {name: x, run: y, env: {A: null}}\n",
        f"{A}:4: deploy.after.0.env.A: found null, expected text, a whole number, true or false",
    ),
    "text for mapping": (
        "repository: a\ndeploy: billing-api\n",
        (
            f"{A}:2: deploy: found 'billing-api', expected keys and values: "
            "lambda_function, alias, command, env, manual, before, after, runs_on, timeout_minutes"
        ),
    ),
    "an environment's long name": (
        "repository: a\nenvironments: {production: {}}\n",
        (
            f"{A}:2: environments.production: unknown key, allowed are dev, test, prod; "
            "did you mean prod?"
        ),
    ),
    "variable that the shell needs": (
        prod("variables: {PATH: /app}"),
        (
            f"{A}:4: environments.prod.variables.PATH: 'PATH' has a meaning of its own in the "
            "deployment, where secrets and variables become environment variables: choose another "
            "name"
        ),
    ),
    "secret in place of the role's credentials": (
        prod("secrets: [aws_session_token]"),
        (
            f"{A}:4: environments.prod.secrets.aws_session_token: 'aws_session_token' has a "
            "meaning of its own in the deployment, where secrets and variables become environment "
            "variables: choose another name"
        ),
    ),
    "secret and variable of one name": (
        prod("{secrets: [KEY], variables: {key: a}}"),
        (
            f"{A}:4: environments.prod.variables: KEY is a secret as well: in the deployment one "
            "name would mean two values, rename one"
        ),
    ),
    "unquoted version": (
        "repository: a\npython_versions: [3.10]\n",
        (
            f"{A}:2: python_versions.0: found the number 3.1, expected a version in quotes, as in "
            '"3.10" (YAML drops the zero of an unquoted 3.10)'
        ),
    ),
    "seven reviewers": (
        prod(f"reviewers: {{users: {SEVEN}}}"),
        (
            f"{A}:4: environments.prod.reviewers: 7 reviewers given, GitHub allows 6 (users and "
            "teams together): name a team instead of its members"
        ),
    ),
    "wait of 31 days": (
        prod("wait_minutes: 44640"),
        (
            f"{A}:4: environments.prod.wait_minutes: found 44640; "
            "allowed is less than or equal to 43200"
        ),
    ),
    "environment not dev, test or prod": (
        "repository: a\nenvironments:\n  stage: {}\n",
        f"{A}:3: environments.stage: unknown key, allowed are dev, test, prod",
    ),
    "name with a slash": (
        "repository: acme/a\n",
        (
            f"{A}:1: repository: 'acme/a' has a slash: write the name alone, the owner is the "
            "stack's (`owner` in _stack.yaml)"
        ),
    ),
    "bad ARN": (
        prod("role: {permissions_boundary: deployments}"),
        (
            f"{A}:4: environments.prod.role.permissions_boundary: 'deployments' is not the ARN of "
            "a managed policy: arn:aws:iam::<account or aws>:policy/<name>"
        ),
    ),
    "trigger not admitted": (
        prod("deployment_branches: [release/*]") + "branches: {test: main, prod: main}\n",
        (
            f"{A}:4: environments.prod.deployment_branches: release/* does not admit 'main', the "
            "branch that deploys to prod: add it (or change branches.prod)"
        ),
    ),
    "prod without test": (
        "repository: a\nenvironments:\n  test: none\n",
        (
            f"{A}:3: environments.test: prod follows the test run, so a repository without test "
            "has no prod: declare `prod: none` as well"
        ),
    ),
    "own variable": (
        prod("variables: {aws_role_arn: x}"),
        f"{A}:4: environments.prod.variables: AWS_ROLE_ARN: slipway sets this variable; remove it",
    ),
    "prod on a branch that is never tested": (
        "repository: a\nbranches: {test: main, prod: release}\n",
        (
            f"{A}:2: branches.prod: 'release' is never tested: prod follows the test run of "
            "'main', declare the same branch for both"
        ),
    ),
    "an expression as code": (
        "repository: a\ndeploy: {command: 'echo ${{ github.head_ref }}'}\n",
        f"{A}:2: deploy.command: an expression in a command becomes code before the shell reads",
    ),
    "the name of slipway's own policy": (
        prod("role: {inline_policies: {deploy: {Version: 2012-10-17}}}"),
        f"{A}:4: environments.prod.role.inline_policies.deploy: 'deploy' is not a policy's name",
    ),
    "two ways to deploy": (
        "repository: a\ndeploy: {lambda_function: f, command: make}\n",
        f"{A}:2: deploy: lambda_function and command given: a repository deploys one way",
    ),
    "its own name as a former one": (
        "repository: a\npreviously: [b, a]\n",
        f"{A}:2: previously: 'a' is the repository's present name: give its former name",
    ),
    "a fate that is none": (
        "repository: a\noffboarding: {environments: delete}\n",
        f"{A}:2: offboarding.environments: found 'delete'; allowed is 'remove' or 'keep'",
    ),
    "two sources of a secret": (
        prod("secrets: {KEY: {env: KEY, external: true}}"),
        (
            f"{A}:4: environments.prod.secrets.KEY: env and external given: a secret has one "
            "source, keep one"
        ),
    ),
    "a former name with its owner": (
        "repository: a\npreviously: acme/b\n",
        f"{A}:2: previously.0: 'acme/b' has a slash: write the name alone",
    ),
    "a path without a slash": (
        prod("role: {path: ci}"),
        (
            f"{A}:4: environments.prod.role.path: 'ci' is not a role's path: begins and ends with "
            "'/', as in /slipway/"
        ),
    ),
    "secret name GitHub refuses": (
        prod("secrets: [GITHUB_KEY]"),
        (
            f"{A}:4: environments.prod.secrets.GITHUB_KEY: 'GITHUB_KEY' starts with GITHUB_, "
            "which GitHub keeps for itself"
        ),
    ),
    "missing name": ("branches: {dev: x}\n", f"{A}:1: repository: is missing; it has no default"),
    "not YAML": ("a: [\n", f"{A}:2: is not valid YAML: "),
    "a key twice": ("repository: a\nrepository: b\n", f"{A}:2: is not valid YAML: found duplicate"),
    "empty file": ("", f"{A}:1: found nothing, expected keys and values"),
}


@pytest.mark.parametrize(("text", "message"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_one_message_with_its_place(
    write_stack: WriteStack, text: str, message: str
) -> None:
    """Each mistake is reported once, with file, line, path, what was found and what is allowed."""
    (found,) = problems(write_stack(a=text))
    assert found.startswith(message)


@pytest.mark.parametrize("pasted", ["{API_KEY: hunter2}", "hunter2", "[{API_KEY: hunter2}]"])
def test_a_pasted_secret_is_not_shown_again(write_stack: WriteStack, pasted: str) -> None:
    """A value in the place of a name is refused, and the message does not repeat it."""
    found = problems(write_stack(a=prod(f"secrets: {pasted}")))
    assert "values never stand in a declaration" in found[0] or "not a secret" in found[0]
    assert "hunter2" not in " ".join(found)
