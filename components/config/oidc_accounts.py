"""Whether each account's OIDC provider of GitHub is as `oidc_provider` says: made here, or there.

AWS allows one provider for an issuer in an account (IAM API Reference: CreateOpenIDConnectProvider,
EntityAlreadyExists). Whose it is, its tags tell: the program cannot read its own state.
"""

from collections.abc import Iterator, Mapping

from components.config.problems import ConfigurationError, Problem
from components.config.stack_files import StackFiles

ProviderTags = Mapping[str, str] | None
"""Tags of an account's OIDC provider of GitHub; None where it has no such provider."""


def provider_problems(
    files: StackFiles, found: Mapping[str, ProviderTags], *, missing: bool = True
) -> Iterator[Problem]:
    """Each account whose provider is another one than declared.

    Args:
        files: the stack's declarations.
        found: by account id; an account that could not be asked is absent.
        missing: whether it is told as well that a provider declared as existing is not there.
    """
    stack = files.stack
    for name, account in stack.settings.distinct_accounts():
        if account.account_id not in found:
            continue
        tags = found[account.account_id]
        if account.oidc_provider == "create" and tags is not None and not stack.has_made(tags):
            own = ", ".join(f"{key}: {value}" for key, value in stack.own_provider_tags.items())
            text = (
                "the account has GitHub's OIDC provider already, without the tags of this stack's "
                f"({own}): write oidc_provider: existing; or, if this stack made it, give it its "
                "tags back"
            )
        elif missing and account.oidc_provider == "existing" and tags is None:
            text = "the account has no OIDC provider of GitHub: write oidc_provider: create"
        else:
            continue
        yield files.settings_document.problem(("accounts", name, "oidc_provider"), text)


def check_providers(files: StackFiles, found: Mapping[str, ProviderTags]) -> None:
    """Refuse to go on where `provider_problems` finds one.

    Raises:
        ConfigurationError: with each.
    """
    if problems := list(provider_problems(files, found)):
        raise ConfigurationError(problems)
