"""What a patch starts on a GPU stays few: counted in the graphs, as `tests.benchmarks.launches` does."""

from tests.benchmarks import launches


def test_a_patch_starts_few_kernels_and_waits_once():
    import dotsbook.model.dots  # noqa: F401  so that its modules can be told

    with launches.paths_of_a_gpu():
        dots = launches.narrow(meanflow=True)
        core, vocoder = launches.count_core(dots), launches.count_vocoder(dots, 4)
    assert 1000 < core.launches.total() / launches.COUNTED <= 1800
    assert 500 < vocoder.launches.total() / launches.COUNTED <= 1300
    assert core.waits == vocoder.waits == launches.COUNTED
