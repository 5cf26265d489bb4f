"""Onboard every declared repository of this stack."""

from pathlib import Path

import pulumi

from components.config.baseline import judged, today
from components.config.configured_secrets import left_over_values
from components.config.github_address import check_configured_address
from components.config.oidc_accounts import check_providers
from components.config.problems import ConfigurationError
from components.config.secrets import collect_secrets
from components.config.stack_files import StackFiles
from components.resources.bookkeeping import known_exports, no_debug_messages
from components.resources.oidc_provider import live_provider_tags
from components.resources.onboarded_stack import onboarded
from components.resources.providers import aws_providers, github_provider
from components.resources.secret_sources import AwsSecrets, configured_secrets, hidden
from operations.live.github.api import GitHub
from operations.live.github.removed_files import deletion
from operations.live.notes import live_notes
from operations.live.program import read_declared
from operations.preview_warnings.look import Look

no_debug_messages()
try:
    files = StackFiles(Path("stacks") / pulumi.get_stack())
    settings = files.stack.settings
    check_configured_address(settings.github, pulumi.Config("github").get("baseUrl"))
    live, details = read_declared(files, GitHub.for_owner(settings.owner, settings.github))
    look = Look(files, details)
    aws = aws_providers(settings)
    check_providers(files, live_provider_tags(settings, aws))
    configured = configured_secrets()
    secrets = collect_secrets(files, configured, AwsSecrets(settings, aws))
except ConfigurationError as error:
    raise pulumi.RunError(str(error)) from error
weaker = judged(files, today()).problems
for note in [*left_over_values(files, configured), *weaker, *live_notes(files, live)]:
    pulumi.log.warn(str(note))
github = pulumi.ResourceOptions(providers=[github_provider(settings)])
summaries = onboarded(files.stack, live, hidden(secrets), aws, github, delete=deletion(settings))
pulumi.run(lambda: look.told(known_exports(summaries)))
