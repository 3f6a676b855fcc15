"""Files written all together or not at all."""

import os
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from perfrules.errors import Diagnostic, UsageError
from perfrules.locale import message


def write_new(files: Mapping[Path, str]) -> None:
    """Write files that are not there yet, with the folders that they need; all of them or none.

    Raises:
        UsageError: Some of them are there, or one cannot be written.
    """
    there = tuple(str(path) for path in files if os.path.lexists(path))
    if there:
        raise UsageError(
            [
                Diagnostic(
                    "PR508",
                    message("already there, so nothing is written: {files}", files=there),
                    hint=message("name another folder, or move these files away"),
                )
            ]
        )
    _write({path: text.encode() for path, text in files.items()})


def _write(files: Mapping[Path, bytes]) -> None:
    """Write every file beside its place, then rename all; what was made on the way goes if one fails."""
    with ExitStack() as undo:
        ready: dict[Path, Path] = {}
        for path, content in files.items():
            try:
                _make_folder(path.parent, undo)
                beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
                undo.callback(beside.unlink, missing_ok=True)
                beside.write_bytes(content)
            except OSError as error:
                raise _unwritable(path, error) from error
            ready[path] = beside
        for path, beside in ready.items():
            try:
                if path.exists():
                    shutil.copymode(path, beside)
                else:
                    undo.callback(path.unlink, missing_ok=True)
                beside.replace(path)
            except OSError as error:
                raise _unwritable(path, error) from error
        undo.pop_all()


def _make_folder(folder: Path, undo: ExitStack) -> None:
    """Make a folder and those above it that are not there."""
    if folder.is_dir():
        return
    _make_folder(folder.parent, undo)
    folder.mkdir()
    undo.callback(folder.rmdir)


def _unwritable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        [
            Diagnostic(
                "PR509",
                message(
                    "{path} cannot be written, so nothing is: {error}",
                    path=str(path),
                    error=error.strerror or str(error),
                ),
                hint=message("choose a folder that you may write into"),
            )
        ]
    )
