"""``dataset.yaml``, mapping files of long facts, and files of waivers."""

from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from perfrules.errors import DataError
from perfrules.loader.document import Document, document_of
from perfrules.loader.faults import checked
from perfrules.loader.shapes import all_keys
from perfrules.loader.sources import raw_of
from perfrules.manifest import DatasetFile, FactsMap
from perfrules.waivers import Waiver, WaiversFile, waiver_of

DATASET_FILE = "dataset.yaml"
M = TypeVar("M", bound=BaseModel)


def load_dataset(folder: Path) -> DatasetFile:
    """Load the ``dataset.yaml`` of a folder; an empty one if there is none.

    Raises:
        DataError: It has a fault; with every fault.
    """
    path = folder / DATASET_FILE
    return _dataset(path, raw_of(path)) if path.exists() else DatasetFile()


@lru_cache(maxsize=16)
def _dataset(path: Path, raw: bytes | None) -> DatasetFile:
    """What a file says; a check asks for the same file nine times, and only another text is read anew."""
    return _read(DatasetFile, path, raw)[1]


def load_facts_map(path: Path) -> FactsMap:
    """Load a mapping file of long facts.

    Raises:
        DataError: It cannot be read or has a fault; with every fault.
    """
    return _read(FactsMap, path, raw_of(path))[1]


def load_waivers(path: Path) -> tuple[Waiver, ...]:
    """Load a file of waivers.

    Raises:
        DataError: It cannot be read or has a fault; with every fault.
    """
    document, file = _read(WaiversFile, path, raw_of(path))
    written = document.root.value.get("waivers") if isinstance(document.root.value, dict) else None
    blocks = written.value if written and isinstance(written.value, list) else []
    places = [document.place(twig) for twig in blocks]
    return tuple(
        waiver_of(block, file.pack or "", f"{place.file}:{place.line}")
        for block, place in zip(file.waivers, places, strict=True)
    )


def _read(model: type[M], path: Path, raw: bytes | None) -> tuple[Document, M]:
    document, faults = document_of(path, raw, all_keys(model))
    if document is None:
        raise DataError(faults)
    faults = [fault.diagnostic for fault in document.faults]
    file = checked(model, document, document.root, path.name)
    if file.made is None or faults:
        raise DataError([*faults, *file.faults])
    return document, file.made
