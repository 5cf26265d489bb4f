"""The checks of `slipway validate`: of declarations, and with `--live` of GitHub, AWS and the state.

Questions that other commands ask as well are in `operations.live`.
"""
