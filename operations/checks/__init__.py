"""The checks of `slipway validate`: of declarations; with `--live` also of GitHub and AWS.

Questions that other commands ask as well are in `operations.live`.
"""
