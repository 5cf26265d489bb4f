"""Check that every declared object exists exactly once and that nothing is left to change."""

from tests.e2e.faults.small import BRANCHES, COMMITS, SHELL, Small


def assert_converged(small: Small) -> None:
    """GitHub and AWS have the declared objects, a preview is empty, and the stack has no lock."""
    _assert_environments(small)
    _assert_commits(small)
    _assert_roles(small)
    small.pulumi("preview", "--refresh", "--expect-no-changes")
    assert small.pending() == set()
    assert small.locks == []


def _assert_environments(small: Small) -> None:
    found = {environment["name"] for environment in small.github("environments")["environments"]}
    assert found == set(BRANCHES)
    for env, branch in BRANCHES.items():
        place = f"environments/{env}"
        policies = small.github(f"{place}/deployment-branch-policies")["branch_policies"]
        assert [(p["type"], p["name"]) for p in policies] == [("branch", branch)], env
        declared = {"AWS_REGION": "eu-west-1", "AWS_ROLE_ARN": small.role_arn(env)}
        declared |= {"LOG_LEVEL": "warning"} if env == "test" else {}
        variables = small.github(f"{place}/variables")["variables"]
        assert {v["name"]: v["value"] for v in variables} == declared, env
        secrets = small.project.world.control("GET", f"secrets/acme/{small.name}/{env}")
        assert secrets == ({"API_KEY": SHELL["FAULTS_API_KEY"]} if env == "test" else {}), env


def _assert_commits(small: Small) -> None:
    """Each file is one commit, on the default branch and after the commit where develop starts."""
    main, develop = (small.github(f"commits?sha={branch}") for branch in ("main", "develop"))
    ours = [c["commit"]["message"] for c in main if "slipway" in c["commit"]["message"]]
    assert sorted(ours) == COMMITS
    shared = {commit["sha"] for commit in main}
    own = [c["commit"]["message"] for c in develop if c["sha"] not in shared]
    # develop has no commit of its own if both branches got the same commit within one second: the
    # two commits then have the same id.
    assert own in ([], COMMITS[:1])
    files = small.github("contents/.github/workflows?ref=develop")
    assert "python-dev.yml" in {file["name"] for file in files}


def _assert_roles(small: Small) -> None:
    iam = small.project.world.iam(small.account)
    found = {role["Arn"] for role in iam.list_roles(PathPrefix="/slipway/")["Roles"]}
    assert found == {small.role_arn(env) for env in BRANCHES}
    for env in BRANCHES:
        policies = iam.list_role_policies(RoleName=f"acme.{small.name}-{env}")["PolicyNames"]
        assert policies == ["deploy"], env
    assert len(iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]) == 1
    iam.close()
