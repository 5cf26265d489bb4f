import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

from sandbox.aws.front import Front

IAM = "AWS4-HMAC-SHA256 Credential=sandbox/20261123/us-east-1/iam/aws4_request, Signature=x"


def ask(front: Front, body: bytes, authorization: str = IAM) -> tuple[str, bytes]:
    """Status and body of the answer to one request."""
    told: list[str] = []
    environ = {
        "REQUEST_METHOD": "POST",
        "HTTP_AUTHORIZATION": authorization,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    answer = b"".join(front(environ, lambda status, _headers: told.append(status)))
    return told[0], answer


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """An application behind the front that answers with the body of the request."""
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


def test_what_is_behind_it_is_asked_once_at_a_time() -> None:
    """The front sends one call at a time, because moto is not safe for threads."""
    inside = threading.Semaphore(1)

    def jealous(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not inside.acquire(blocking=False):
            start_response("500 Internal Server Error", [])
            return []
        time.sleep(0.02)
        inside.release()
        return echo(environ, start_response)

    front = Front(jealous)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(front, b"Action=ListRoles"), range(8)))
    assert answers == [("200 OK", b"Action=ListRoles")] * 8


def test_a_refused_request_never_arrives() -> None:
    """A refused call does not reach moto; the answer is XML with code and message."""
    status, answer = ask(Front(echo), b"Action=CreateRole&RoleName=%3Cb%3E")
    assert status == "400 ValidationError"
    assert b"<Code>ValidationError</Code><Message>The specified value for roleName" in answer


def test_other_services_pass_through() -> None:
    """The front checks IAM and STS only; it passes calls of other services on."""
    body = b"Action=CreateRole&RoleName=%3Cb%3E"
    assert ask(Front(echo), body, IAM.replace("/iam/", "/sqs/")) == ("200 OK", body)
    assert ask(Front(echo), b"\xff\x00", "") == ("200 OK", b"\xff\x00")
