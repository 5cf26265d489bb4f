"""A push by git: the rules that refuse it, git's messages about them, and the effects of the push.

GH013 is about rulesets (github.com/henne49/dbus-opendtu/issues/235), GH006 about classic protection
(its older form is in github.com/supportpal/github-gh-cli/issues/47).
"""

from collections.abc import Iterable
from urllib.parse import quote

from dulwich.objects import ObjectID
from dulwich.protocol import SIDE_BAND_CHANNEL_PROGRESS, Protocol
from dulwich.refs import Ref

from sandbox.github.references import follow
from sandbox.github.repositories import Repository
from sandbox.github.rules.actor import Actor
from sandbox.github.rules.refusal import Refused, refused
from sandbox.github.rules.update import RefUpdate


class Push:
    """One push to a repository."""

    def __init__(self, actor: Actor, repository: Repository, host: str) -> None:
        """Take the actor who pushes, the repository, and the address of this server."""
        self._actor, self._repository, self._host = actor, repository, host

    def declined(self, proto: Protocol, ref: Ref, old: ObjectID, new: ObjectID) -> bytes | None:
        """The reason that git shows if a rule refuses the reference; the rules go to stderr."""
        update = self._update(ref, old, new)
        found = refused(self._actor, update)
        if not found:
            return None
        lines = "".join(f"{line}\n" for line in self._told(update.ref, found))
        proto.write_sideband(SIDE_BAND_CHANNEL_PROGRESS, lines.encode())
        if found.rulesets:
            return b"push declined due to repository rule violations"
        return b"protected branch hook declined"

    def follow(self, moved: Iterable[tuple[ObjectID, ObjectID, Ref]]) -> None:
        """Carry out the effects of the moved references."""
        for old, new, ref in moved:
            follow(self._actor, self._update(ref, old, new))

    def _update(self, ref: Ref, old: ObjectID, new: ObjectID) -> RefUpdate:
        before, after = (None if set(sha) == {ord("0")} else sha.decode() for sha in (old, new))
        return RefUpdate(self._repository, ref.decode(), before, after)

    def _told(self, ref: str, found: Refused) -> list[str]:
        if not found.rulesets:
            lines = [f"error: GH006: Protected branch update failed for {ref}."]
            for sentence in found.classic:
                lines += ["", f"- {sentence}"]
            return lines
        page = f"{self._host}{self._repository.full_name}/rules?ref={quote(ref, safe='')}"
        lines = [
            f"error: GH013: Repository rule violations found for {ref}.",
            f"Review all repository rules at {page}",
            "",
        ]
        for sentence in found.rulesets:
            lines += [f"- {sentence}", ""]
        return lines
