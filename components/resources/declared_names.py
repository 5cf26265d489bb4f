"""Give children the declared name of their parent object, even if that object is not created.

If an update goes on after an error, all outputs of a resource that failed are unknown. A child that
takes the name from such an output lacks a required input, and that ends the whole run: Pulumi
checks inputs before it leaves out a resource whose dependency failed (pulumi 3.256:
step_generator.go, deployment_executor.go). The name is declared, so it is known.
"""

import pulumi


def name_in(resource: pulumi.Resource, name: pulumi.Input[str]) -> pulumi.Output[str]:
    """The name, as an output of the resource.

    The URN is always known; it makes the name depend on the resource. `depends_on` would give the
    same order, but it does not tell Pulumi which input the dependency is about: if the resource is
    deleted and made again, Pulumi would leave out its children, which are deleted with it.
    """
    return resource.urn.apply(lambda _urn: name)
