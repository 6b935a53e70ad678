"""What holds for every test: properties are tried on the same examples each time, so that a failure stays one."""

from hypothesis import settings

settings.register_profile("steady", derandomize=True, print_blob=False)
settings.load_profile("steady")
