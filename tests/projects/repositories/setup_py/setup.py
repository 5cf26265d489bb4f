"""Build the shop."""

from setuptools import find_packages, setup

setup(
    name="old-shop",
    version="1.0",
    packages=find_packages(exclude=["tests"]),
    install_requires=["greeting==1.0"],
    extras_require={"test": ["wordlist==1.0"]},
)
