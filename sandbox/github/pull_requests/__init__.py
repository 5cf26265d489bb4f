"""Pull requests between branches of one repository.

Deliberately absent: forks, comments on code, drafts that become ready, merge queues.
"""
