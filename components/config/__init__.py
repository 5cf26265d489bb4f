"""READ: declarations and Pulumi configuration, into the model."""
