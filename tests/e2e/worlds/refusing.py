"""Ask `slipway validate --live` who is refused, and take these repositories out of the stack.

Each problem must stand at a line of the repository's file. Those about the account's OIDC provider
and the owner's plan stand in the stack's own file, which is then changed as the message says.
"""

import json

from tests.e2e.worlds.facts import Data
from tests.e2e.worlds.outcome import BrokenError, Outcome
from tests.e2e.worlds.stack import Stack


def refused_now(stack: Stack, found: Outcome) -> bool:
    """Validate once; remove what is refused, and say whether there was any.

    Raises:
        BrokenError: a refusal has no place in the repository's file.
    """
    done = stack.slipway("validate", stack.name, "--live", "--json")
    said = f"{done.stdout}\n{done.stderr}"
    if done.returncode == 0:
        return False
    if not done.stdout:
        raise BrokenError(f"validate ended with {done.returncode}:\n{said}", set())
    problems = [
        (check["check"], problem)
        for check in json.loads(done.stdout)["stacks"][0]["checks"]
        for problem in check["problems"]
        if check["result"] == "problem"
    ]
    if not problems:
        raise BrokenError(f"validate ended with {done.returncode}:\n{said}", set())
    for check, problem in problems:
        _remove(stack, found, check, problem, said)
    return True


def _remove(stack: Stack, found: Outcome, check: str, problem: Data, said: str) -> None:
    folder = f"stacks/{stack.name}/"
    name = problem["file"].removeprefix(folder).removesuffix(".yaml")
    text = f"{problem['file']}:{problem['line']}"
    if name == "_stack":
        _put_right(stack, found, check, problem, said)
        return
    if name not in stack.files:
        raise BrokenError(f"{text} is no repository's file:\n{said}", set())
    if not 1 <= problem["line"] <= len(stack.files[name].splitlines()):
        raise BrokenError(f"{text} is no line of it:\n{said}", {name})
    if f"{text}: " not in said:
        raise BrokenError(f"stderr does not name {text}:\n{said}", {name})
    found.refused.setdefault(name, {})[check] = problem["text"]
    (stack.project.folder / f"{folder}{name}.yaml").unlink(missing_ok=True)


def _put_right(stack: Stack, found: Outcome, check: str, problem: Data, said: str) -> None:
    """State the plan, or write the other word about the OIDC provider, as the message says."""
    path = f"stacks/{stack.name}/_stack.yaml"
    text = (stack.project.folder / path).read_text(encoding="utf-8")
    if check == "plan" and "state the plan, as in `plan: " in problem["text"]:
        if "plan: " in text:
            raise BrokenError(f"{path} states the plan:\n{said}", set())
        found.stack_refused.add(check)
        stack.project.write(path, f"{text}plan: {stack.world.plan}\n")
        return
    right = "existing" if stack.world.provider_exists else "create"
    line = text.splitlines()[problem["line"] - 1]
    if f"oidc_provider: {right}" not in problem["text"] or f": {right}" in line:
        raise BrokenError(f"{path} is refused:\n{said}", set())
    if "oidc_provider: " not in line:
        raise BrokenError(f"{path}:{problem['line']} is another line:\n{said}", set())
    found.stack_refused.add(check)
    lines = text.splitlines(keepends=True)
    lines[problem["line"] - 1] = line.replace(stack.world.provider_declared, right) + "\n"
    stack.project.write(path, "".join(lines))
