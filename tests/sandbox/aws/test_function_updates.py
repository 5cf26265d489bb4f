"""A Lambda function whose update is in progress, as its clients see it."""

import io
from functools import partial
from typing import Any
from zipfile import ZipFile

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from sandbox.aws.seed import FIRST_ROLE
from sandbox.serving import Server

REGION = "eu-west-1"


def package() -> bytes:
    """A deployment package with one module."""
    content = io.BytesIO()
    with ZipFile(content, "w") as made:
        made.writestr("app.py", "handler = None\n")
    return content.getvalue()


@pytest.fixture
def functions(aws: Server, account: str) -> Any:
    """A Lambda client of an account with one function."""
    connect: Any = partial(boto3.client, endpoint_url=aws.url, region_name=REGION)
    sts = connect("sts", aws_access_key_id="sandbox", aws_secret_access_key="sandbox")
    role = f"arn:aws:iam::{account}:role/{FIRST_ROLE}"
    given = sts.assume_role(RoleArn=role, RoleSessionName="tests")["Credentials"]
    found = connect(
        "lambda",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )
    code = {"ZipFile": package()}
    found.create_function(
        FunctionName="f",
        Runtime="python3.12",
        Handler="app.handler",
        Role=f"arn:aws:iam::{account}:role/slipway",
        Code=code,
    )
    return found


def begin(aws: Server, account: str) -> None:
    """Begin an update of the function."""
    body = {"account": account, "function": "f"}
    answer = requests.post(f"{aws.url}/_sandbox/function-updates", json=body, timeout=30)
    assert answer.status_code == 204


def test_a_change_is_refused_until_the_update_has_ended(
    aws: Server, account: str, functions: Any
) -> None:
    """The change gets AWS's error; a read returns `InProgress` once, then `Successful`."""
    begin(aws, account)
    for change in (
        partial(functions.update_function_code, FunctionName="f", ZipFile=package()),
        partial(functions.publish_version, FunctionName="f"),
    ):
        with pytest.raises(ClientError) as refused:
            change()
        assert refused.value.response["Error"]["Code"] == "ResourceConflictException"
    seen = [
        functions.get_function_configuration(FunctionName="f")["LastUpdateStatus"] for _ in range(2)
    ]
    assert seen == ["InProgress", "Successful"]
    functions.update_function_code(FunctionName="f", ZipFile=package())
