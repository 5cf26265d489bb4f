"""The backend of Pulumi's state: its locks, and when it is written."""
