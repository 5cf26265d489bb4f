"""Parse request bodies into models; a body that does not match is GitHub's 400 or 422."""

from typing import TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError

from sandbox.github import errors


class Body(BaseModel):
    """The members that a route reads. Others are ignored, as most routes of GitHub do."""

    model_config = ConfigDict(strict=True, frozen=True)


B = TypeVar("B", bound=Body)


def read(model: type[B]) -> B:
    """Parse the request's body; a missing body is an empty object.

    Raises:
        GitHubError: 400 if the body is not a JSON object, 422 if it does not match the model.
    """
    try:
        return model.model_validate_json(request.get_data() or b"{}")
    except ValidationError as error:
        problems = error.errors(include_url=False)
        if any(problem["type"] == "json_invalid" for problem in problems):
            raise errors.bad_json() from error
        if any(not problem["loc"] for problem in problems):
            raise errors.GitHubError(400, "Body should be a JSON object") from error
        raise errors.invalid(*(_reason(problem) for problem in problems)) from error


def _reason(problem: object) -> str:
    match problem:
        case {"type": "missing", "loc": [*_, name]}:
            return f'"{name}" wasn\'t supplied.'
        case {"loc": location, "msg": message}:
            path = "/".join(str(part) for part in location)
            return f"For 'properties/{path}': {message}."
    return "Invalid."
