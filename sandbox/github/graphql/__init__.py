"""GitHub's GraphQL API: the part of its published schema that reads repositories.

A query for anything outside `schema.graphql` is a validation error. Deliberately absent: mutations.
"""
