"""Routes of the issuer: a runner registers a run, jobs request tokens, verifiers read the keys.

A job requests a token as `@actions/core` does. At GitHub each job has its own request token. Here
the jobs of a run share one, because `act` gives them the same environment: a job sends its id
(`job=ID`). Its rights come from the workflow file at the run's commit and from the repository,
never from the request.
"""

import json
import time
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, request, url_for
from pydantic import ValidationError

from sandbox.github.routes.environments import add_environment
from sandbox.github.store import Store
from sandbox.tokens.claims import claims
from sandbox.tokens.deployment_refs import admits
from sandbox.tokens.issuer import Issuer
from sandbox.tokens.refusal import TokenRefusedError
from sandbox.tokens.runs import Run, RunBody, RunEnd, Runs
from sandbox.tokens.workflow_file import Job, read_job


def runner_routes(issuer: Issuer) -> Blueprint:
    """The routes, which the emulator serves below /_sandbox."""
    routes = Blueprint("tokens", __name__)
    runs = Runs()
    routes.register_error_handler(TokenRefusedError, _refused)

    @routes.post("/runs")
    def register() -> Response:
        try:
            body = RunBody.model_validate_json(request.get_data())
        except ValidationError as error:
            raise TokenRefusedError(422, str(error)) from error
        run = runs.register(_store(), body)
        address = url_for(".id_token", run_id=run.id, _external=True)
        answer = {
            "id": str(run.id),
            "ref": run.ref,
            "sha": run.sha,
            "request_url": f"{address}?api-version=2.0",
            "request_token": run.request_token,
        }
        return _answer(answer, HTTPStatus.CREATED)

    @routes.patch("/runs/<int:run_id>")
    def end(run_id: int) -> Response:
        try:
            body = RunEnd.model_validate_json(request.get_data())
        except ValidationError as error:
            raise TokenRefusedError(422, str(error)) from error
        runs.end(_store(), run_id, body)
        return Response(status=HTTPStatus.NO_CONTENT)

    @routes.get("/runs/<int:run_id>/id-token")
    def id_token(run_id: int) -> Response:
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        run = runs.authorized(_store(), run_id, bearer if scheme.lower() == "bearer" else "")
        job = _started_job(run, request.args.get("job", ""))
        audience, now = request.args.get("audience", ""), int(time.time())
        value = issuer.sign(claims(_store(), run, job, audience, now))
        return _answer({"count": len(value), "value": value})

    @routes.get("/issuer/.well-known/openid-configuration")
    def discovery() -> Response:
        return _answer(issuer.discovery(_store().site.issuer))

    @routes.get("/issuer/.well-known/jwks")
    def jwks() -> Response:
        return _answer(issuer.jwks)

    return routes


def _started_job(run: Run, job_id: str) -> Job:
    """The job, if GitHub would have started it and given it a token.

    If the job's environment does not exist, it is created without protection (docs.github.com,
    "Managing environments for deployment").

    Raises:
        TokenRefusedError: GitHub would not have started it or given it a token.
    """
    job = read_job(run.workflow, run.file(), job_id)
    if not job.may_have_token or run.of_fork:
        raise TokenRefusedError(403, f"job {job_id} does not have the permission id-token: write")
    if job.environment is not None:
        environment = run.repository.environments.get(job.environment.lower())
        environment = environment or add_environment(run.repository, job.environment)
        if not admits(environment, run.ref):
            raise TokenRefusedError(
                403,
                f"{run.ref} is not allowed to deploy to {environment.name} due to environment "
                "protection rules.",
            )
    run.check_runs.setdefault(job_id, _store().next_id())
    return job


def _store() -> Store:
    found: Store = current_app.extensions["store"]
    return found


def _answer(body: dict[str, Any], status: int = HTTPStatus.OK) -> Response:
    return Response(json.dumps(body), status, content_type="application/json")


def _refused(refused: TokenRefusedError) -> Response:
    return _answer({"message": refused.message}, refused.status)
