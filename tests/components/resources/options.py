"""The options of a resource as the SDK sends them to the engine with its registration."""

from dataclasses import dataclass
from typing import Any

from pulumi.runtime.proto.resource_pb2 import RegisterResourceRequest


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of a registration; a resource is written as `TYPE NAME`."""

    parent: str = ""
    #: The dependencies: named by `depends_on`, or owners of an output that is an input here.
    after: frozenset[str] = frozenset()
    deleted_with: str = ""
    provider: str = ""
    #: The providers that a component passes to its children.
    providers: frozenset[str] = frozenset()
    #: Former names; an alias that is more than a name is here as its whole text.
    aliases: tuple[str, ...] = ()
    retain_on_delete: bool = False
    protect: bool = False
    #: None: the provider decides.
    delete_before_replace: bool | None = None
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    replace_with: frozenset[str] = frozenset()
    secret_outputs: frozenset[str] = frozenset()
    hide_diffs: tuple[str, ...] = ()
    import_id: str = ""
    timeouts: str = ""


def options_of(request: RegisterResourceRequest, root: str) -> Options:
    """Return the options of a registration; a parent that is the stack `root` is left out."""
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
    """Return a resource as `TYPE NAME`, or an empty text for none. A name may contain `::`."""
    if not urn:
        return ""
    kind, name = urn.split("::", 3)[2:]
    return f"{kind.rpartition(':')[2]} {name}"


def _provider(reference: str) -> str:
    """Return the provider of a reference, which consists of URN and id."""
    return short(reference.rpartition("::")[0])


def _alias(alias: Any) -> str:
    spec = alias.spec
    only_name = spec.name and not (spec.type or spec.stack or spec.project or spec.parentUrn)
    return str(spec.name) if only_name and not spec.noParent else str(alias)
