"""Answer bodies: state into the JSON that GitHub publishes a description of."""
