"""What Spark sees of the data of a check: frames where one is a frame of Spark, or a folder that is Parquet altogether."""

from collections.abc import Mapping
from pathlib import Path

from perfrules import readers, running
from perfrules.manifest import DatasetFile
from perfrules.readers.frames import read
from perfrules.values import frozen


@frozen
class Seen:
    """What Spark sees.

    Attributes:
        tables: Frames and files by name.
        manifest: What is said of them.
        name: What people call them.
    """

    tables: Mapping[str, object]
    manifest: DatasetFile
    name: str


def seen(
    data: object, folder: Path | None, manifest: DatasetFile, engine: running.Engine
) -> Seen | None:
    """What Spark sees; None if the data are read otherwise."""
    if isinstance(data, Mapping) and any(map(running.is_native, data.values())):
        tables = {
            name: frame if running.is_native(frame) else read(frame, name)
            for name, frame in data.items()
        }
        return Seen(tables, manifest, "Spark")
    only = readers.only_parquet(folder, manifest) if folder and engine == "spark" else None
    return None if only is None else Seen(only.files, only.manifest, str(folder))
