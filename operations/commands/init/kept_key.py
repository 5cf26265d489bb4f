"""The key of a stack's secrets, if Pulumi's file of the stack holds one already.

`Pulumi.STACK.yaml` outlives a lost state. If `pulumi stack init` is given another secrets provider
than the one of this key, it replaces the key, and the values in the file cannot be decrypted any
more. If it is given the same one, it keeps the key (pulumi 3.256).
"""

import re
from dataclasses import dataclass
from typing import Final

from components.config.problems import ConfigurationError
from components.config.stacks import stacks_folder
from components.config.yaml_files import Document, read_document

PASSPHRASE_PROVIDER: Final = "passphrase"  # noqa: S105 - the name of a provider
_NAME: Final = "secretsprovider"
#: The key of a passphrase has a salt. Pulumi need not name this provider.
_SALT: Final = "encryptionsalt"


@dataclass(frozen=True)
class KeptKey:
    """The key that a file holds."""

    document: Document
    """The file."""
    place: str
    """The entry of the file that names the provider."""

    @property
    def provider(self) -> str:
        """Return the provider that made the key, as `--secrets-provider` takes it."""
        return str(self.document.data[_NAME]) if self.place == _NAME else PASSPHRASE_PROVIDER

    def check(self, given: str | None, *, cloud: bool) -> None:
        """Check that a given provider is the one of the key.

        Args:
            given: as the option has it.
            cloud: whether the state is in Pulumi Cloud, whose default is a provider of its own.

        Raises:
            ConfigurationError: it is another one.
        """
        meant = PASSPHRASE_PROVIDER if given == "default" and not cloud else given
        if meant not in {None, self.provider}:
            text = (
                f"the values in this file are encrypted with a key of {self.provider}; with "
                f"--secrets-provider {given} they could not be decrypted any more: drop the option"
            )
            raise ConfigurationError([self.document.problem((self.place,), text)])


def kept_key(stack: str) -> KeptKey | None:
    """Find the key in the file of a stack; None without a file, or without a key in it.

    Raises:
        ConfigurationError: the file has a key, and cannot be read.
    """
    path = stacks_folder() / f"Pulumi.{stack}.yaml"
    # A new file may consist of comments, which is no mapping.
    entry = re.compile(f"^({_NAME}|{_SALT}):", re.MULTILINE)
    if not path.exists() or not entry.search(path.read_text("utf-8", "replace")):
        return None
    document = read_document(path)
    if str(document.data.get(_NAME) or "default") not in {"default", PASSPHRASE_PROVIDER}:
        return KeptKey(document, _NAME)
    return KeptKey(document, _SALT) if document.data.get(_SALT) else None
