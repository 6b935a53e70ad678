"""What holds for every test: properties are tried on the same examples each time, so that a failure stays one, and no
clock decides: a busy machine is no failure."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "steady", derandomize=True, print_blob=False, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")
