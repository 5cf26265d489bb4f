"""Check each account's OIDC provider of GitHub against the declared `oidc_provider`.

AWS allows one provider for an issuer in an account (IAM API Reference: CreateOpenIDConnectProvider,
EntityAlreadyExists). Its tags name the stack that made it: the program cannot read its own state.
"""

from collections.abc import Iterator, Mapping

from components.config.problems import ConfigurationError, Problem
from components.config.stack_files import StackFiles

ProviderTags = Mapping[str, str] | None
"""Tags of an account's OIDC provider of GitHub; None where it has no such provider."""


def provider_problems(
    files: StackFiles, found: Mapping[str, ProviderTags], *, missing: bool = True
) -> Iterator[Problem]:
    """Problems of accounts whose provider is not as declared.

    Args:
        files: the stack's declarations.
        found: tags by account id; an account that could not be asked is absent.
        missing: whether to report a missing provider that is declared as existing.
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
    """Stop the run if `provider_problems` finds a problem.

    Raises:
        ConfigurationError: with every problem.
    """
    if problems := list(provider_problems(files, found)):
        raise ConfigurationError(problems)
