"""The checks of `slipway validate`: what was asked of GitHub and AWS, and what they answered."""
