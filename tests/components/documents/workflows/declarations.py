"""Random valid declarations, for property tests of the rendered files."""

from hypothesis import strategies as st

from components.model.types import ENVIRONMENTS

#: Deployment, GitHub and runner use no names with this beginning.
names = st.from_regex(r"X[A-Z0-9_]{0,9}", fullmatch=True)
branches = st.from_regex(
    r"[A-Za-z0-9!+][A-Za-z0-9/_.+!#,&{}-]{0,12}[a-z0-9]", fullmatch=True
).filter(lambda name: not any(wrong in name for wrong in ("..", "//", "/.", "./")))
scripts = st.text(max_size=40).filter(lambda text: text.strip() and "${{" not in text)
#: A repository's name may have characters that a function's name may not have, so the only
#: placeholder is `{environment}`.
functions = st.from_regex(r"[A-Za-z0-9_-]{1,20}(\{environment\})?", fullmatch=True)
folders = st.from_regex(r"[a-z]{1,6}(/[a-z]{1,6})?", fullmatch=True)
minutes = st.integers(1, 7200)
labels = st.one_of(
    st.sampled_from(["ubuntu-latest", "ubuntu-24.04-arm"]),
    st.just(["self-hosted", "linux", "arm64"]),
)
#: GitHub counts `steps.ID` among expressions; ids come from the index, so that they are unique.
words = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12).filter(
    lambda text: "${{" not in text
)
steps = st.one_of(
    st.fixed_dictionaries(
        {"name": words.filter(str.strip), "run": scripts},
        optional={
            "env": st.dictionaries(names, st.one_of(words, st.integers(), st.booleans())),
            "if": st.sampled_from(["always()", "${{ failure() }}", "success() || failure()"]),
            "shell": st.sampled_from(["bash", "python"]),
            "working-directory": folders,
        },
    ),
    st.fixed_dictionaries(
        {"name": words.filter(str.strip), "uses": st.just(f"acme/scan@{'0a' * 20}")},
        optional={"with": st.dictionaries(names, words)},
    ),
)
around = {"before": st.lists(steps, max_size=2), "after": st.lists(steps, max_size=2)}
job = st.fixed_dictionaries(
    {},
    optional={**around, "blocking": st.booleans(), "runs_on": labels, "timeout_minutes": minutes},
)
environments = st.fixed_dictionaries(
    {
        "secrets": st.one_of(
            st.lists(names, max_size=2, unique=True),
            st.dictionaries(names, st.sampled_from(["config", "external"]), max_size=2),
        ),
        # A secret and a variable of one name are refused.
        "variables": st.dictionaries(names.map("V{}".format), st.text(max_size=5), max_size=2),
    }
)
deploys = st.one_of(
    st.fixed_dictionaries(
        {"command": scripts},
        optional={
            **around,
            "manual": st.booleans(),
            "env": st.dictionaries(names.map("E{}".format), words, max_size=2),
        },
    ),
    st.fixed_dictionaries(
        {"lambda_function": functions},
        optional={"alias": st.just("live"), "manual": st.booleans(), **around},
    ),
)
versions = st.one_of(st.sampled_from(["0f" * 20, f"{'0f' * 20} # v6.0.1"]))
actions = st.dictionaries(
    st.sampled_from(["actions/checkout", "actions/cache", "actions/upload-artifact"]), versions
)
packages = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9-]{0,6}", fullmatch=True),
    st.one_of(
        st.fixed_dictionaries({"lambda_function": functions}, optional={"alias": st.just("live")}),
        st.fixed_dictionaries({"kind": st.just("wheel")}),
        st.fixed_dictionaries({"dependencies": st.just("vendored")}),
    ),
    min_size=1,
    max_size=3,
).map(
    lambda several: {
        name: {"working_directory": f"packages/{name}", **package}
        for name, package in several.items()
    }
)
singles = st.fixed_dictionaries(
    {},
    optional={
        "deploy": deploys | st.just("none"),
        "working_directory": folders,
        "package": st.one_of(
            st.sampled_from([{}, {"dependencies": "vendored", "architecture": "arm64"}]),
            st.fixed_dictionaries({"before": st.lists(steps, max_size=2)}),
        ),
    },
)
common = st.fixed_dictionaries(
    {
        "repository": st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,20}", fullmatch=True),
        # prod follows test's runs, so both have one branch.
        "branches": st.builds(
            lambda dev, main: {"dev": dev, "test": main, "prod": main}, branches, branches
        ),
        "python_versions": st.lists(
            st.integers(8, 15).map("3.{}".format), min_size=1, max_size=4, unique=True
        ),
        "environments": st.builds(
            lambda all_, absent: all_ | dict.fromkeys(absent, "none"),
            st.fixed_dictionaries(dict.fromkeys(ENVIRONMENTS, environments)),
            st.sampled_from([(), (), ("dev",), ("prod",), ("test", "prod"), ("dev", "prod")]),
        ),
    },
    optional={
        "profile": st.sampled_from(["standard", "strict"]),
        "runs_on": labels,
        "timeout_minutes": minutes,
        "ci": st.fixed_dictionaries(
            {},
            optional={"lint": job, "security": job, "tests": job, "pull_requests": st.booleans()},
        ),
        "actions": actions,
        "artifacts": st.fixed_dictionaries(
            {},
            optional={
                "s3_bucket": st.just("acme-packages"),
                "kms_key": st.just("arn:aws:kms:eu-west-1:333333333333:key/1234abcd"),
                "retention_days": st.integers(1, 90),
                "downloads": st.just(
                    [{"workflow": "a.yml", "artifact": "a-{environment}", "path": "a"}]
                ),
            },
        ),
    },
)
#: One package, or several.
declarations = st.builds(
    lambda basis, rest: basis | rest,
    common,
    st.one_of(singles, packages.map(lambda several: {"packages": several})),
)
