"""What one write of the state costs in each of Pulumi's backends."""
