"""Check that no declared policy denies the AWS calls of slipway's own deployment steps.

The derived policy allows every call (tests/components/documents/workflows/test_chain.py), but a
Deny of another policy wins (IAM: policy evaluation logic). Deliberately absent: the user's command
and steps, which may call anything in any language; managed policies and a permissions boundary,
whose content only AWS knows; and a Deny with a condition, which may never apply.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from components.model.repository import Repository
from components.model.stack import Account, StackSettings
from operations.checks.workflows.jobs import Job, WorkflowProblem, WorkflowStep
from operations.diff.iam.patterns import matches

#: The IAM action of each AWS CLI call in slipway's scripts (Service Authorization Reference); None
#: if the call needs none. A waiter polls (AWS CLI: wait function-updated); `s3 cp` uploads here.
IAM_ACTIONS: Final[dict[str, str | None]] = {
    "lambda create-alias": "lambda:CreateAlias",
    "lambda list-aliases": "lambda:ListAliases",
    "lambda publish-version": "lambda:PublishVersion",
    "lambda update-alias": "lambda:UpdateAlias",
    "lambda update-function-code": "lambda:UpdateFunctionCode",
    "lambda wait function-updated": "lambda:GetFunctionConfiguration",
    "s3 cp": "s3:PutObject",
    "sts get-caller-identity": None,
}
_VARIABLE: Final = re.compile(r"\$\{(?![*?$]\})[^}]*\}")
_UPLOAD: Final = re.compile(r"\baws +s3 +cp +([^\n;|&]+)")
_NAMED: Final = re.compile(r"\$\{?(\w+)\}?")
_AT_RUN_TIME: Final = re.compile(r"\$\{\{.*?\}\}|\$\(.*?\)")
_CALL: Final = re.compile(r"\baws +([a-z0-9-]+) +(wait +[a-z0-9-]+|[a-z0-9-]+|\"?\$\{?\w+\}?\"?)")


def denied_calls(
    job: Job, settings: StackSettings, repository: Repository
) -> Iterator[WorkflowProblem]:
    """Calls of slipway's own steps that a declared policy denies to the job's role."""
    environment = job.environment
    if environment is None:
        return
    policies = repository.environment(environment).role.inline_policies
    for step in job.steps if policies else ():
        for call, action, resource in aws_calls(step, settings.account(environment)):
            if any(_denies(document, action, resource) for document in policies.values()):
                text = (
                    f"{job.where}, step {step.name!r}: calls aws {call}, but a policy denies "
                    f"{action} on {resource}: take it out"
                )
                yield WorkflowProblem(
                    ("environments", environment, "role", "inline_policies"), text
                )


def aws_calls(step: WorkflowStep, account: Account) -> Iterator[tuple[str, str, str]]:
    """Each AWS CLI call of one of slipway's own steps, with its IAM action and its resource."""
    for call in [] if step.declared else calls(step.content.get("run", "")):
        if (action := IAM_ACTIONS[call]) is not None:
            for resource in _resources(action, step, account):
                yield call, action, resource


def calls(script: str) -> list[str]:
    """The AWS CLI calls in a shell script, such as `lambda publish-version`.

    A shell variable in place of the verb stands for every value that the script assigns to it.
    """
    found = []
    for service, verb in _CALL.findall(script.replace("\\\n", " ")):
        variable = verb.strip('"').strip("${}")
        verbs = [verb]
        if "$" in verb:
            assigned = rf"^\s*{variable}=([a-z0-9-]+)\s*$"
            verbs = re.findall(assigned, script, re.MULTILINE) or verbs
        found += [" ".join(f"{service} {word}".split()) for word in verbs]
    return list(dict.fromkeys(found))


def _resources(action: str, step: WorkflowStep, account: Account) -> list[str]:
    """ARNs of the function in the step's `env`, or of the objects that its script uploads."""
    env = step.content.get("env", {})
    if action.startswith("s3:"):
        places = _destinations(step.content["run"], env)
        return [f"arn:{account.partition}:s3:::{place}" for place in places]
    place = f"arn:{account.partition}:lambda:{account.region}:{account.account_id}"
    return [f"{place}:function:{env.get('LAMBDA_FUNCTION', '')}"]


def _destinations(script: str, env: Mapping[str, Any]) -> list[str]:
    """Targets of a script's uploads, as BUCKET/KEY. The part known at run time is the commit."""
    found = []
    for arguments in _UPLOAD.findall(script.replace("\\\n", " ")):
        place = arguments.split()[-1].strip('"')
        place = _NAMED.sub(lambda match: str(env.get(match[1], match[0])), place)
        place = _AT_RUN_TIME.sub("COMMIT", place).removeprefix("s3://")
        found.append(f"{place}PACKAGE" if place.endswith("/") else place)
    return found


def _denies(document: Mapping[str, Any], action: str, resource: str) -> bool:
    return any(
        statement.get("Effect") == "Deny"
        and "Condition" not in statement
        and _fits(statement, "Action", action)
        and _fits(statement, "Resource", resource)
        for statement in _listed(document.get("Statement", []))
    )


def _fits(statement: dict[str, Any], key: str, value: str) -> bool:
    """Whether `Action` or `NotAction` (or `Resource`) names the value; actions ignore case."""

    def names(pattern: str) -> bool:
        # A policy variable may have any value.
        return matches(_VARIABLE.sub("*", pattern), value, ignore_case=key == "Action")

    if f"Not{key}" in statement:
        return not any(names(pattern) for pattern in _listed(statement[f"Not{key}"]))
    return any(names(pattern) for pattern in _listed(statement.get(key, [])))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
