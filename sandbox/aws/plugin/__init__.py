"""`pulumi-resource-aws` for the sandbox: a few IAM types of pulumi-aws, against moto.

Deliberately absent: all other types, and the real AWS. An unknown type, function or property is
refused by its name. Servicer -> lifecycle -> resources and functions -> session.
"""
