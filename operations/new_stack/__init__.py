"""A new stack: ask for its settings, look at them in GitHub and AWS, write its file, make it.

`slipway init` is its command. Nothing of GitHub and AWS is changed.
"""
