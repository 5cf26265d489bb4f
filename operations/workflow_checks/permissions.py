"""May the role do what the deployment's own scripts call?

Deliberately absent: the user's own command and steps, which may call anything in any language; the
content of managed policies and of a permissions boundary, which only AWS knows; and conditions, of
which an allowing statement is taken at its best and a denying one left out.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from components.documents.role import role_policies
from components.model.repository import Repository
from components.model.stack import Account, StackSettings
from operations.diff.iam.patterns import matches
from operations.workflow_checks.parsed import Finding, Step, Workflow
from operations.workflow_checks.triggers import PROVISIONED

#: What a call of the AWS command line needs (Service Authorization Reference); None: nothing.
#: A waiter polls (AWS CLI: wait function-updated); `s3 cp` is an upload here.
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


def call_findings(
    workflow: Workflow, settings: StackSettings, repository: Repository
) -> Iterator[Finding]:
    """Calls that the role of the job's environment may not make."""
    for job in workflow.jobs:
        environment = PROVISIONED.get(job.environment or "")
        if environment is None:
            continue
        role = repository.environment(environment).role
        policies = role_policies(settings, repository, environment)
        account = settings.account(environment)
        for step in job.steps:
            for call in [] if step.declared else calls(step.content.get("run", "")):
                where = f"{workflow.file}, job {job.id}, step {step.name!r}: calls aws {call}"
                path = ("environments", environment, "role", "inline_policies")
                if call not in IAM_ACTIONS:
                    text = f"{where}, whose IAM action is unknown here: name it in IAM_ACTIONS"
                    yield Finding(path, text)
                    continue
                action = IAM_ACTIONS[call]
                if action is None:
                    continue
                for resource in _resources(action, step, account):
                    decided = _decided(policies, action, resource)
                    if decided == "Deny":
                        text = f"{where}, but a policy denies {action} on {resource}: take it out"
                        yield Finding(path, text)
                    elif decided is None and not role.managed_policies:
                        text = (
                            f"{where}, but none of the role's policies "
                            f"({', '.join(policies) or 'none'}) allows {action} on {resource}: "
                            "add a policy that does"
                        )
                        yield Finding(path, text)


def calls(script: str) -> list[str]:
    """The calls of the AWS command line in a shell script, as in `lambda publish-version`.

    A verb in a shell variable stands for everything that the script assigns to it.
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


def _resources(action: str, step: Step, account: Account) -> list[str]:
    """ARNs of what the step's environment names, or of where its script copies to."""
    env = step.content.get("env", {})
    if action.startswith("s3:"):
        places = _destinations(step.content["run"], env)
        return [f"arn:{account.partition}:s3:::{place}" for place in places]
    place = f"arn:{account.partition}:lambda:{account.region}:{account.account_id}"
    return [f"{place}:function:{env.get('LAMBDA_FUNCTION', '')}"]


def _destinations(script: str, env: Mapping[str, Any]) -> list[str]:
    """Where the uploads of a script go, as BUCKET/KEY; what is known at run time is the commit."""
    found = []
    for arguments in _UPLOAD.findall(script.replace("\\\n", " ")):
        place = arguments.split()[-1].strip('"')
        place = _NAMED.sub(lambda match: str(env.get(match[1], match[0])), place)
        place = _AT_RUN_TIME.sub("COMMIT", place).removeprefix("s3://")
        found.append(f"{place}PACKAGE" if place.endswith("/") else place)
    return found


def _decided(policies: Mapping[str, dict[str, Any]], action: str, resource: str) -> str | None:
    """`Deny` where a statement denies, else `Allow` where one allows (IAM: evaluation logic)."""
    effects = set()
    for document in policies.values():
        for statement in _listed(document.get("Statement", [])):
            denies = statement.get("Effect") == "Deny"
            if denies and "Condition" in statement:
                continue
            if _fits(statement, "Action", action) and _fits(statement, "Resource", resource):
                effects.add("Deny" if denies else "Allow")
    return "Deny" if "Deny" in effects else "Allow" if effects else None


def _fits(statement: dict[str, Any], key: str, value: str) -> bool:
    """Whether `Action` or `NotAction` (or `Resource`) names the value; actions ignore case."""

    def names(pattern: str) -> bool:
        # A policy variable may come to any text.
        return matches(_VARIABLE.sub("*", pattern), value, ignore_case=key == "Action")

    if f"Not{key}" in statement:
        return not any(names(pattern) for pattern in _listed(statement[f"Not{key}"]))
    return any(names(pattern) for pattern in _listed(statement.get(key, [])))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
