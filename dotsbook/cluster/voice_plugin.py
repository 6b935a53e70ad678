"""The tasks that dask runs on a worker, and the plugin that holds its engines. Imported where dask is."""

from collections.abc import Sequence
from pathlib import Path

import dask.config
from distributed import WorkerPlugin, get_worker

from dotsbook.cluster.hearing_orders import HearingOrder, JudgeOrder
from dotsbook.cluster.orders import BatchAnswer, EngineOrder, LineOrder, SpeechOrder
from dotsbook.cluster.workshop import Workshop

NAME = "dotsbook"
MEMORY, FOLDER, FETCH = "dotsbook.memory", "dotsbook.folder", "dotsbook.fetch"  # in dask's configuration


class VoicePlugin(WorkerPlugin):
    """Holds a worker's engines as long as the worker lives. What it may use is read from dask's configuration there."""

    name = NAME

    def setup(self, worker: object) -> None:
        folder = dask.config.get(FOLDER, None)
        self.workshop = Workshop(
            dask.config.get(MEMORY, None),
            Path(folder) if folder else None,
            bool(dask.config.get(FETCH, False)),
        )

    def teardown(self, worker: object) -> None:
        self.workshop.close()


async def dask_setup(worker) -> None:
    """What `dask worker --preload dotsbook.cluster.voice_plugin` calls."""
    await worker.plugin_add(VoicePlugin(), name=NAME)


def workshop() -> Workshop:
    """This worker's; made here on a plain `dask worker`, which has none yet."""
    worker = get_worker()
    plugin = worker.plugins.get(NAME)
    if not isinstance(plugin, VoicePlugin):
        plugin = VoicePlugin()
        plugin.setup(worker)
        worker.plugins[NAME] = plugin
    return plugin.workshop


# tasks


def introduce(orders: Sequence[EngineOrder | JudgeOrder]) -> dict[str, object]:
    return workshop().introduce(orders)


def check_voice(
    order: EngineOrder, line: LineOrder, languages: Sequence[str]
) -> tuple[list[str], str, tuple[str, ...]]:
    """(remarks, why it can't speak, files that must come first)."""
    here = workshop()
    if missing := here.lacks([line]):
        return [], "", missing
    return (*here.check(order, line, languages), ())


def keep_files(data: dict[str, bytes]) -> None:
    workshop().keep(data)


def do_batch(order: SpeechOrder | HearingOrder) -> BatchAnswer:
    here, address = workshop(), get_worker().address
    return here.speak(order, address) if isinstance(order, SpeechOrder) else here.hearing.hear(order, address)
