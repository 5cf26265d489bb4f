"""Exchange the job's id-token for a role's temporary credentials, for every later step.

The exchange is the documented one: GitHub's request URL with an audience (docs.github.com, "OpenID
Connect reference"), then STS AssumeRoleWithWebIdentity at AWS_ENDPOINT_URL, without a signature. It
does not use boto3, because the import takes longer than the call. A refusal is printed with AWS's
code and message. Deliberately absent: the real action's retries, and every source of credentials
except an id-token.
"""

import json
import os
import re
import sys
from html import unescape
from pathlib import Path
from typing import NoReturn
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen


def main() -> None:
    """Assume the role that the step's inputs name."""
    inputs = json.loads(os.environ["INPUTS"])
    if not inputs["aws-region"]:
        _fail("Input required and not supplied: aws-region")
    if not inputs["role-to-assume"]:
        _fail("Credentials could not be loaded, please check your action inputs")
    token = _id_token(inputs["audience"])
    given = _assume(inputs, token)
    for secret in ("AccessKeyId", "SecretAccessKey", "SessionToken"):
        sys.stdout.write(f"::add-mask::{given[secret]}\n")
    _export(inputs["aws-region"], given)


def _id_token(audience: str) -> str:
    """Return the job's id-token; its URL has a query already, so the audience is appended to it."""
    url = os.environ.get("ACTIONS_ID_TOKEN_REQUEST_URL")
    bearer = os.environ.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
    if not url or not bearer:
        _fail("Credentials could not be loaded. Did you mean to set the `id-token` permission?")
    # On GitHub the request URL belongs to the job; act has one environment for all jobs of a run.
    asked = f"{url}&audience={quote(audience, safe='')}&job={quote(os.environ['GITHUB_JOB'])}"
    request = Request(asked, headers={"Authorization": f"bearer {bearer}"})  # noqa: S310 - the sandbox's
    try:
        with urlopen(request, timeout=30) as answer:  # noqa: S310 - the sandbox's
            token: str = json.load(answer)["value"]
    except HTTPError as refused:
        _fail(f"Unable to get an id-token: {refused.code} {refused.read().decode()}")
    sys.stdout.write(f"::add-mask::{token}\n")
    return token


def _assume(inputs: dict[str, str], token: str) -> dict[str, str]:
    """Return the answer's values by name: STS answers this unsigned call in XML."""
    form = {
        "Action": "AssumeRoleWithWebIdentity",
        "Version": "2011-06-15",
        "RoleArn": inputs["role-to-assume"],
        "RoleSessionName": inputs["role-session-name"],
        "WebIdentityToken": token,
        "DurationSeconds": inputs["role-duration-seconds"],
    }
    asked = Request(os.environ["AWS_ENDPOINT_URL"], data=urlencode(form).encode())  # noqa: S310 - the sandbox's
    try:
        with urlopen(asked, timeout=30) as answer:  # noqa: S310 - the sandbox's
            return _values(answer.read())
    except HTTPError as refused:
        error = _values(refused.read())
        _fail(f"Could not assume role with OIDC: {error['Message']} ({error['Code']})")


def _values(answer: bytes) -> dict[str, str]:
    found = re.findall(r"<(\w+)>([^<]*)</\1>", answer.decode())
    return {name: unescape(value) for name, value in found}


def _export(region: str, given: dict[str, str]) -> None:
    variables = {
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }
    with Path(os.environ["GITHUB_ENV"]).open("a", encoding="utf-8") as environment:
        environment.writelines(f"{name}={value}\n" for name, value in variables.items())
    account = given["Arn"].split(":")[4]
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.write(f"aws-account-id={account}\n")


def _fail(message: str) -> NoReturn:
    sys.stdout.write(f"::error::{message}\n")
    sys.exit(1)


if __name__ == "__main__":
    main()
