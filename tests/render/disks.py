"""A disk that loses power: it forgets what was not synced. Stands in for files.sync and files.rename."""

import os
import shutil
from pathlib import Path

from dotsbook import files


class ForgetfulDisk:
    """Remembers what was synced under `root`; `lose` takes the rest away, the worst way.

    A file is safe once it was synced; a name once its folder was synced after the rename; a folder once the folder
    that holds it was. SQLite keeps its own files.
    """

    def __init__(self, root: Path):
        self.root = root
        self.safe_files: set[int] = set()  # inodes
        self.safe_folders: set[Path] = {root}
        self.renames: list[tuple[Path, bytes | None]] = []  # (name, what it held before)
        self.keep = {"ledger.db", "ledger.db-wal", "ledger.db-shm", "lock"}

    def sync(self, descriptor: int) -> None:
        os.fsync(descriptor)
        state = os.fstat(descriptor)
        folder = next((one for one in self.folders() if one.stat().st_ino == state.st_ino), None)
        if folder is None:
            self.safe_files.add(state.st_ino)
            return
        self.safe_folders |= {child for child in folder.iterdir() if child.is_dir()}
        self.renames = [(name, before) for name, before in self.renames if name.parent != folder]

    def rename(self, source: Path, target: Path) -> None:
        self.renames.append((target, target.read_bytes() if target.exists() else None))
        os.replace(source, target)

    def folders(self) -> list[Path]:
        return [self.root, *(path for path in self.root.rglob("*") if path.is_dir())]

    def lose(self) -> None:
        """The power goes."""
        for name, before in reversed(self.renames):
            name.unlink(missing_ok=True)
            if before is not None:
                name.write_bytes(before)
                self.safe_files.add(name.stat().st_ino)
        for folder in sorted(self.folders(), reverse=True):
            if folder not in self.safe_folders:
                shutil.rmtree(folder)
        for path in self.root.rglob("*"):
            if path.is_file() and path.name not in self.keep and path.stat().st_ino not in self.safe_files:
                path.write_bytes(b"\0" * 100)
        self.renames = []

    def install(self, monkeypatch) -> None:
        monkeypatch.setattr(files, "sync", self.sync)
        monkeypatch.setattr(files, "rename", self.rename)
