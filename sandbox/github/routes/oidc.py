"""Customisation of the `sub` claim of id-tokens, by repository and by organisation."""

from flask import Response

from sandbox.github import access, errors
from sandbox.github.body import Body, read
from sandbox.github.paging import answer
from sandbox.github.permissions import Permission
from sandbox.github.repositories import SubjectSettings
from sandbox.github.routes.family import REPOSITORY, Family

routes = Family("oidc", REPOSITORY)
organization_routes = Family("organization_oidc")


class RepositorySubject(Body):
    """The customisation of a repository."""

    use_default: bool
    include_claim_keys: list[str] | None = None
    use_immutable_subject: bool | None = None


class OrganizationSubject(Body):
    """The customisation of an organisation."""

    include_claim_keys: list[str] | None = None
    use_immutable_subject: bool | None = None


@routes.get("/actions/oidc/customization/sub")
def get_repository_subject() -> Response:
    """Get the customization template for an OIDC subject claim for a repository.

    docs.github.com/rest/actions/oidc#get-the-customization-template-for-an-oidc-subject-claim-for-a-repository
    """
    repository = access.repository()
    subject, store = repository.subject, access.store()
    body: dict[str, object] = {"use_default": subject.use_default}
    if subject.include_claim_keys:
        body["include_claim_keys"] = list(subject.include_claim_keys)
    if not store.site.is_server:
        body["use_immutable_subject"] = store.has_immutable_subject(repository)
        body["sub_claim_prefix"] = store.subject_prefix(repository)
    return answer(body)


@routes.put("/actions/oidc/customization/sub")
def set_repository_subject() -> Response:
    """Set the customization template for an OIDC subject claim for a repository.

    Without the default and without claims, the repository takes the organisation's template.
    Without `use_immutable_subject`, that setting stays. If GitHub made the subject immutable,
    the repository cannot change it back.

    docs.github.com/rest/actions/oidc#set-the-customization-template-for-an-oidc-subject-claim-for-a-repository
    """
    repository = access.repository(Permission.ADMIN)
    body = read(RepositorySubject)
    keys = tuple(body.include_claim_keys or ())
    if not body.use_default and not _are_claims(keys):
        raise errors.validation_failed_simply("include_claim_keys must name claims: [a-z_]+")
    if body.use_immutable_subject is False and repository.must_be_immutable:
        raise errors.validation_failed_simply(
            "use_immutable_subject cannot be false for this repository"
        )
    immutable = body.use_immutable_subject
    if immutable is None:
        immutable = repository.subject.use_immutable_subject
    repository.subject = SubjectSettings(
        body.use_default, () if body.use_default else keys, immutable
    )
    return answer({}, 201)


@organization_routes.get("/orgs/<org>/actions/oidc/customization/sub")
def get_organization_subject(org: str) -> Response:
    """Get the customization template for an OIDC subject claim for an organization.

    docs.github.com/rest/actions/oidc#get-the-customization-template-for-an-oidc-subject-claim-for-an-organization
    """
    owner = access.organization(org)
    body: dict[str, object] = {"include_claim_keys": list(owner.include_claim_keys)}
    if not access.store().site.is_server:
        body["use_immutable_subject"] = owner.use_immutable_subject
    return answer(body)


@organization_routes.put("/orgs/<org>/actions/oidc/customization/sub")
def set_organization_subject(org: str) -> Response:
    """Set the customization template for an OIDC subject claim for an organization.

    docs.github.com/rest/actions/oidc#set-the-customization-template-for-an-oidc-subject-claim-for-an-organization
    """
    owner = access.organization(org)
    if not owner.is_admin(access.token().login):
        raise errors.forbidden("You must be an organization owner.")
    body = read(OrganizationSubject)
    if body.include_claim_keys is not None:
        owner.include_claim_keys = tuple(body.include_claim_keys)
    if body.use_immutable_subject is not None:
        owner.use_immutable_subject = body.use_immutable_subject
    return answer({}, 201)


def _are_claims(keys: tuple[str, ...]) -> bool:
    return all(key.replace("_", "").isalpha() and key.islower() for key in keys)
