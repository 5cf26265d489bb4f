"""Request bodies: JSON into a model, and GitHub's 422 where it does not fit."""

from typing import TypeVar

from flask import request
from pydantic import BaseModel, ConfigDict, ValidationError

from sandbox.github import errors


class Body(BaseModel):
    """What a route reads of a request. Further members are ignored, as GitHub mostly does."""

    model_config = ConfigDict(strict=True, frozen=True)


B = TypeVar("B", bound=Body)


def read(model: type[B]) -> B:
    """The request's body; none counts as an empty object.

    Raises:
        GitHubError: 400 for what is no JSON object, 422 for what does not fit the model.
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
