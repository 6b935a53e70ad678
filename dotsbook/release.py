"""The version of the program, where the package and its build read it."""

__version__ = "0.2.0"
