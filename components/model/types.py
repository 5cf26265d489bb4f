"""Checked strings with the names and limits of GitHub and AWS.

The message of each type has the found value and the allowed values. Deliberately absent: the place
of a value; the config layer adds file and line.
"""

import re
from collections.abc import Callable
from typing import Annotated, Final, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from components.model.aws_partitions import unknown_region
from components.model.base import mistake
from components.model.placeholders import fill

EnvironmentName = Literal["dev", "test", "prod"]
ENVIRONMENTS: Final[tuple[EnvironmentName, ...]] = get_args(EnvironmentName)

#: AWS's names, as Lambda and S3 document them.
FUNCTION_NAME: Final = r"[A-Za-z0-9_-]{1,64}"
BUCKET_NAME: Final = r"[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]"
#: GitHub's limits: reviewers of one environment, users and teams; minutes of a wait timer.
MAX_REVIEWERS: Final = 6
MAX_WAIT_MINUTES: Final = 43_200


def matching(pattern: str, what: str, allowed: str) -> Callable[[str], str]:
    """A validator that accepts a text if `pattern` matches all of it."""
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise mistake(f"{value!r} is not {what}: {allowed}")
        return value

    return check


def _fitting(pattern: str, what: str, allowed: str) -> Callable[[str], str]:
    """The same for a name with placeholders; the filled name is checked later."""
    check = matching(pattern, what, f"{allowed}; {{environment}} and {{repository}} are filled in")

    def check_filled(value: str) -> str:
        filled = fill(value, environment="dev", repository="any")
        check(value if filled == value or "{" in filled else filled)
        return value

    return check_filled


def _repository_name(value: str) -> str:
    if "/" in value:
        raise mistake(
            f"{value!r} has a slash: write the name alone, the owner is the stack's "
            "(`owner` in _stack.yaml)"
        )
    allowed = "1 to 100 letters, digits, '.', '_' or '-'"
    return matching(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}", "a repository name", allowed)(value)


#: Variables that the deployment's shell and tools read: a declared value would replace theirs.
_TAKEN: Final = {
    *("PATH", "HOME", "SHELL", "IFS", "ENV", "BASH_ENV", "SHELLOPTS"),
    *("LD_PRELOAD", "LD_LIBRARY_PATH", "NODE_OPTIONS"),
    *("LAMBDA_FUNCTION", "LAMBDA_ALIAS", "LAMBDA_PACKAGE", "LAMBDA_PACKAGE_ARTIFACT"),
    *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION"),
    *("AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"),
    "AWS_WEB_IDENTITY_TOKEN_FILE",
}
#: Prefixes of variables that the runner sets.
_RUNNER: Final = ("RUNNER_", "ACTIONS_")


def _name(value: str) -> str:
    """Check the name of a secret or variable (docs.github.com: actions, naming your secrets)."""
    if value.upper().startswith("GITHUB_"):
        raise mistake(f"{value!r} starts with GITHUB_, which GitHub keeps for itself")
    if value.upper() in _TAKEN or value.upper().startswith(_RUNNER):
        raise mistake(
            f"{value!r} has a meaning of its own in the deployment, where secrets and variables "
            "become environment variables: choose another name"
        )
    allowed = "letters, digits and '_', not starting with a digit"
    return matching(r"[A-Za-z_][A-Za-z0-9_]*", "a secret or variable name", allowed)(value)


def _region(value: str) -> str:
    if problem := unknown_region(value):
        raise mistake(problem)
    return value


RepositoryName = Annotated[str, AfterValidator(_repository_name)]
ConfigurationName = Annotated[str, AfterValidator(_name)]
Login = Annotated[
    str,
    AfterValidator(
        matching(
            r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,99})",
            "a GitHub login",
            "letters, digits and '-' (the login, not a numeric id or a display name)",
        )
    ),
]
TeamSlug = Annotated[
    str,
    AfterValidator(
        matching(
            r"[a-z0-9](?:[a-z0-9._-]{0,254})",
            "a team slug",
            "lower-case letters, digits, '.', '_' and '-', without the organisation",
        )
    ),
]
BranchName = Annotated[
    str,
    AfterValidator(
        matching(
            r"(?!.*(?:\.\.|//|@\{|\.lock$|[/.]$))[^\s~^:?*\[\\/.-][^\s~^:?*\[\\]{0,243}",
            "a branch name",
            "git's rules, no wildcard",
        )
    ),
]
RefPattern = Annotated[
    str,
    AfterValidator(
        matching(
            r"(?!refs/)[^\s~^:\\]{1,255}",
            "a branch or tag pattern",
            "a name or a pattern with '*', without refs/heads/ or refs/tags/",
        )
    ),
]
AccountId = Annotated[
    str,
    AfterValidator(
        matching(r"\d{12}", "an AWS account id", "12 digits, in quotes so that YAML keeps zeros")
    ),
]
Region = Annotated[str, AfterValidator(_region)]
RoleArn = Annotated[
    str,
    AfterValidator(
        matching(
            r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]{1,576}",
            "the ARN of a role",
            "arn:aws:iam::<12 digits>:role/<name>",
        )
    ),
]
PolicyArn = Annotated[
    str,
    AfterValidator(
        matching(
            r"arn:aws[a-z-]*:iam::(?:\d{12}|aws):policy/[\w+=,.@/-]{1,576}",
            "the ARN of a managed policy",
            "arn:aws:iam::<account or aws>:policy/<name>",
        )
    ),
]
_KEY: Final = r"arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]{1,64}"
KeyArn = Annotated[
    str,
    AfterValidator(matching(_KEY, "the ARN of a KMS key", "arn:aws:kms:...:key/<id>, no alias")),
]
RoleName = Annotated[
    str,
    AfterValidator(
        matching(r"[\w+=,.@-]{1,64}", "a role name", "1 to 64 letters, digits or any of _+=,.@-")
    ),
]
RolePath = Annotated[
    str,
    AfterValidator(
        matching(
            r"/(?:[\w+=,.@-]+/){0,50}",
            "a role's path",
            "begins and ends with '/', as in /slipway/",
        )
    ),
]
PolicyName = Annotated[
    str,
    AfterValidator(
        matching(
            r"(?!deploy$)[\w+=,.@-]{1,128}",
            "a policy's name",
            "1 to 128 letters, digits or any of _+=,.@-, and not `deploy`, which is slipway's own",
        )
    ),
]
LambdaFunctionName = Annotated[
    str,
    AfterValidator(
        _fitting(
            FUNCTION_NAME,
            "a Lambda function name",
            "1 to 64 letters, digits, '-' or '_' (the name, not the ARN)",
        )
    ),
]
BucketName = Annotated[
    str,
    AfterValidator(
        _fitting(
            BUCKET_NAME,
            "an S3 bucket name",
            "3 to 63 lower-case letters, digits, '.' or '-'",
        )
    ),
]


def _python_version(value: object) -> object:
    """YAML reads an unquoted 3.10 as the number 3.1, so a number is never taken as a version."""
    if isinstance(value, int | float):
        raise mistake(
            f'found the number {value}, expected a version in quotes, as in "3.10" '
            "(YAML drops the zero of an unquoted 3.10)"
        )
    return value


PythonVersion = Annotated[
    str,
    BeforeValidator(_python_version),
    AfterValidator(matching(r"3\.\d{1,2}", "a Python version", 'such as "3.12", in quotes')),
    Field(json_schema_extra={"pattern": r"^3\.\d{1,2}$"}),
]
WaitMinutes = Annotated[int, Field(strict=True, ge=0, le=MAX_WAIT_MINUTES)]


ActionReference = Annotated[
    str,
    AfterValidator(
        matching(
            r"\./[\w./-]+|[\w.-]+/[\w.-]+(?:/[\w./-]+)?@[\w./-]+",
            "an action",
            "OWNER/REPOSITORY@REF, or ./PATH in the repository",
        )
    ),
]
RunnerLabel = Annotated[
    str,
    AfterValidator(
        matching(r"[A-Za-z0-9][\w.-]{0,127}", "a runner's label", "such as ubuntu-latest")
    ),
]
ServiceName = Annotated[
    str,
    AfterValidator(
        matching(r"[A-Za-z_][\w-]{0,99}", "a service's name", "letters, digits, '_' or '-'")
    ),
]
Directory = Annotated[
    str,
    AfterValidator(
        matching(
            r"(?!.*(?:^|/)\.{1,2}(?:/|$))[\w.-]+(?:/[\w.-]+)*",
            "a folder",
            "a path from the root of the repository, of letters, digits, '.', '_' or '-'",
        )
    ),
]
PackageName = Annotated[
    str,
    AfterValidator(
        matching(r"[a-z][a-z0-9-]{0,39}", "a package's name", "lower-case letters, digits or '-'")
    ),
]
LambdaAlias = Annotated[
    str,
    AfterValidator(
        _fitting(
            r"(?!\d+$)[A-Za-z0-9_-]{1,128}",
            "an alias of a Lambda function",
            "letters, digits, '-' or '_', not a number",
        )
    ),
]
WorkflowReference = Annotated[
    str,
    AfterValidator(
        matching(
            r"[\w.-]+\.ya?ml", "a workflow's file", "its name in .github/workflows, as in build.yml"
        )
    ),
]
ArtifactName = Annotated[
    str,
    AfterValidator(
        matching(
            r"[\w. -]*(?:\{environment\}[\w. -]*)?",
            "an artifact's name",
            "letters, digits, '.', '_', '-' and {environment}",
        )
    ),
]
