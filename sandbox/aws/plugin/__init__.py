"""`pulumi-resource-aws` for the sandbox: a few IAM types of pulumi-aws, against moto.

Deliberately absent: every other type, the real AWS, and any guess; what is not known is refused
by name. Servicer -> lifecycle -> resources and functions -> session.
"""
