"""The steps of a resource of any type: check, diff, create, read, update, delete."""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sandbox.aws.plugin.resource_type import ResourceType
from sandbox.aws.plugin.shapes import Kind, Property
from sandbox.aws.plugin.values import UNKNOWN, Properties

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

#: The key with the names of inputs that the plugin generated; pulumi-aws uses the same key.
DEFAULTS: Final = "__defaults"
_EMPTY: Final[tuple[Any, ...]] = (None, "", [], {})
#: Kinds whose values may differ in form but not in meaning: the given form stays in the state.
_LOOSE: Final = (Kind.POLICY, Kind.SET)


@dataclass(frozen=True)
class Difference:
    """One property whose live value differs from the wanted one."""

    name: str
    old: Any
    new: Any
    replaces: bool


@dataclass(frozen=True)
class Proposal:
    """The wanted inputs of a resource, and the values that the plugin may fill in."""

    name: str
    """The logical name."""
    news: Properties
    olds: Mapping[str, Any]
    """The inputs of the last run."""
    default_tags: Mapping[str, str]
    """The provider's default tags, for all types with tags."""
    seed: bytes
    """The engine's seed: a generated name is the same in preview and update."""


def check(kind: ResourceType, proposal: Proposal) -> tuple[Properties, list[tuple[str, str]]]:
    """The inputs for the other steps, and their problems by property."""
    given = {
        key: kind.inputs[key].normal(value) if key in kind.inputs else value
        for key, value in proposal.news.values.items()
        if key != DEFAULTS
    }
    problems = [
        (key, f"{key!r} is not supported by the sandbox's pulumi-resource-aws for {kind.token}")
        for key in sorted(given.keys() - kind.inputs.keys())
    ]
    if "tags" in kind.inputs and isinstance(given.get("tags", {}), dict):
        tags = {**proposal.default_tags, **given.get("tags", {})}
        given |= {"tags": tags} if tags else {}
    for key, described in kind.inputs.items():
        if key not in given:
            if described.required:
                problems.append((key, f"Missing required property '{key}'"))
        elif problem := described.problem(given[key]):
            problems.append((key, problem))
    given[DEFAULTS] = []
    if kind.autonamed and "name" not in given:
        given |= {"name": _name(proposal), DEFAULTS: ["name"]}
    return replace(proposal.news, values=given), problems


def _name(proposal: Proposal) -> str:
    """The previous name, else the logical name with seven random digits, as pulumi-aws does."""
    if "name" in proposal.olds and "name" in proposal.olds.get(DEFAULTS, []):
        return str(proposal.olds["name"])
    digits = random.Random(proposal.seed or None)  # noqa: S311 - a name is no secret
    return f"{proposal.name}-{''.join(digits.choices('0123456789abcdef', k=7))}"


def differences(
    kind: ResourceType,
    state: Mapping[str, Any],
    wanted: Mapping[str, Any],
    ignored: Collection[str] = (),
) -> list[Difference]:
    """The properties that must change so that the state is as wanted.

    A removed input means AWS's default; if AWS itself chooses the value, its choice stays. An
    unknown value differs from every other value.
    """
    skipped = {path.split(".")[0].split("[")[0] for path in ignored}
    found = []
    for name, described in kind.inputs.items():
        if name in skipped or (name not in wanted and described.computed):
            continue
        old = state.get(name, described.default)
        new = wanted.get(name, described.default)
        both_empty = old in _EMPTY and new in _EMPTY
        if not (both_empty or described.same(old, new)):
            found.append(Difference(name, old, new, described.replaces))
    return found


def must_delete_first(
    state: Mapping[str, Any], wanted: Mapping[str, Any], found: list[Difference]
) -> bool:
    """Whether a replacement would collide with the old resource, because both have a fixed name."""
    fixed = "name" in wanted and "name" not in wanted.get(DEFAULTS, [])
    return (
        any(difference.replaces for difference in found)
        and fixed
        and wanted["name"] == state.get("name")
    )


def planned(kind: ResourceType, wanted: Properties, state: Properties | None) -> Properties:
    """The outputs that a preview knows; the others are unknown until the resource exists."""
    outputs: dict[str, Any] = {}
    for name in kind.outputs:
        option = kind.inputs.get(name)
        if name in wanted.values:
            outputs[name] = wanted.values[name]
        elif option is not None and not option.computed:
            outputs[name] = option.default
        else:
            outputs[name] = state.values.get(name, UNKNOWN) if state else UNKNOWN
    return _finished(kind, outputs, wanted)


def create(kind: ResourceType, iam: Any, wanted: Properties) -> tuple[str, Properties]:
    """Create a resource; returns its id and outputs."""
    identity = kind.create(iam, wanted.values)
    return identity, _outputs(kind, kind.read(iam, identity), wanted)


def update(
    kind: ResourceType, iam: Any, identity: str, found: list[Difference], wanted: Properties
) -> Properties:
    """Update the differing properties; returns the outputs."""
    kind.update(
        iam,
        identity,
        {difference.name: difference.old for difference in found},
        {difference.name: difference.new for difference in found},
    )
    return _outputs(kind, kind.read(iam, identity), wanted)


def read(
    kind: ResourceType, iam: Any, identity: str, state: Properties, inputs: Properties
) -> tuple[Properties, Properties] | None:
    """The outputs and inputs of the live resource; None if it does not exist.

    Without inputs this is an import: the inputs are derived from the live resource.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see session.py

    try:
        live = kind.read(iam, identity)
    except ClientError as error:
        if is_gone(error):
            return None
        raise
    known = Properties({**state.values, **inputs.values}, state.secrets | inputs.secrets)
    outputs = _outputs(kind, live, known)
    if not inputs.values:
        return outputs, replace(inputs, values={**kind.imported(outputs.values), DEFAULTS: []})
    refreshed = {
        # An input that AWS does not return keeps the state's value.
        name: _refreshed(kind.inputs.get(name), value, {**outputs.values, **live}.get(name))
        for name, value in inputs.values.items()
    }
    return outputs, replace(inputs, values=refreshed)


def delete(kind: ResourceType, iam: Any, identity: str, state: Mapping[str, Any]) -> None:
    """Delete a resource; it is no error if it does not exist."""
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see session.py

    try:
        kind.delete(iam, identity, state)
    except ClientError as error:
        if not is_gone(error):
            raise


def is_gone(error: "ClientError") -> bool:
    """Whether the error means that the requested object does not exist."""
    return error.response.get("Error", {}).get("Code") == "NoSuchEntity"


def _refreshed(described: Property | None, given: Any, live: Any) -> Any:
    """An input after a refresh: the given value, unless the live value has another meaning."""
    if described is None or (live is None and given in _EMPTY):
        return given
    if live is None:
        return described.default if described.default is not None else given
    return given if described.same(given, live) else live


def _outputs(kind: ResourceType, live: Mapping[str, Any], known: Properties) -> Properties:
    """The live outputs; a value with the same meaning as the given one keeps the given form."""
    outputs: dict[str, Any] = {}
    for name, described in kind.outputs.items():
        value, given = live.get(name), known.values.get(name)
        option = kind.inputs.get(name)
        if name not in live:
            value = given if given is not None else (option.default if option else None)
        elif described.kind in _LOOSE and given is not None and described.same(given, value):
            value = given
        outputs[name] = value
    return _finished(kind, outputs, known)


def _finished(kind: ResourceType, outputs: dict[str, Any], known: Properties) -> Properties:
    secrets = set(known.secrets & outputs.keys())
    if "tagsAll" in kind.outputs:
        outputs["tagsAll"] = outputs.get("tags") or {}
        if "tags" in secrets:
            secrets.add("tagsAll")
    return Properties(outputs, frozenset(secrets))
