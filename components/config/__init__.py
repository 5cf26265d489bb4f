"""READ: declarations, Pulumi configuration and what GitHub says about both, into the model."""
