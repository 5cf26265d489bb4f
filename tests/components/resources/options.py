"""The options of a resource as the SDK sends them to the engine with its registration."""

from dataclasses import dataclass
from typing import Any

from pulumi.runtime.proto.resource_pb2 import RegisterResourceRequest


@dataclass(frozen=True, kw_only=True)
class Options:
    """What a registration carries beside the inputs; a resource is `TYPE NAME` here."""

    parent: str = ""
    #: What has to be there first: named by `depends_on`, or one of whose outputs is an input.
    after: frozenset[str] = frozenset()
    deleted_with: str = ""
    provider: str = ""
    #: The providers that a component hands on to what is inside.
    providers: frozenset[str] = frozenset()
    #: Former names; an alias that says more than a name is here as its whole text.
    aliases: tuple[str, ...] = ()
    retain_on_delete: bool = False
    protect: bool = False
    #: None leaves it to the provider.
    delete_before_replace: bool | None = None
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    replace_with: frozenset[str] = frozenset()
    secret_outputs: frozenset[str] = frozenset()
    hide_diffs: tuple[str, ...] = ()
    import_id: str = ""
    timeouts: str = ""


def options_of(request: RegisterResourceRequest, root: str) -> Options:
    """The options in a registration; `root` is the stack, the parent of what has no other."""
    return Options(
        parent="" if request.parent == root else short(request.parent),
        after=frozenset(map(short, request.dependencies)),
        deleted_with=short(request.deletedWith),
        provider=_provider(request.provider),
        providers=frozenset(map(_provider, request.providers.values())),
        aliases=(*map(_alias, request.aliases), *request.aliasURNs),
        retain_on_delete=request.retainOnDelete,
        protect=request.protect,
        delete_before_replace=(
            request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None
        ),
        ignore_changes=tuple(request.ignoreChanges),
        replace_on_changes=tuple(request.replaceOnChanges),
        replace_with=frozenset(map(short, request.replace_with)),
        secret_outputs=frozenset(request.additionalSecretOutputs),
        hide_diffs=tuple(request.hideDiffs),
        import_id=request.importId,
        timeouts=str(request.customTimeouts).strip(),
    )


def short(urn: str) -> str:
    """A resource as `TYPE NAME`; empty for none. An ARN in a name has colons of its own."""
    if not urn:
        return ""
    kind, name = urn.split("::", 3)[2:]
    return f"{kind.rpartition(':')[2]} {name}"


def _provider(reference: str) -> str:
    """A provider is named by URN and id."""
    return short(reference.rpartition("::")[0])


def _alias(alias: Any) -> str:
    spec = alias.spec
    only_name = spec.name and not (spec.type or spec.stack or spec.project or spec.parentUrn)
    return str(spec.name) if only_name and not spec.noParent else str(alias)
