"""Read what the user gives about a job: a token, a run's page, or CloudTrail's event."""
