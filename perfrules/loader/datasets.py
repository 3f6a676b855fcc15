"""``dataset.yaml`` and mapping files of long facts."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from perfrules.errors import DataError
from perfrules.loader.document import read_document
from perfrules.loader.faults import checked
from perfrules.loader.shapes import all_keys
from perfrules.manifest import DatasetFile, FactsMap

DATASET_FILE = "dataset.yaml"
M = TypeVar("M", bound=BaseModel)


def load_dataset(folder: Path) -> DatasetFile:
    """Load the ``dataset.yaml`` of a folder; an empty one if there is none.

    Raises:
        DataError: It has a fault; with every fault.
    """
    path = folder / DATASET_FILE
    return _loaded(DatasetFile, path) if path.exists() else DatasetFile()


def load_facts_map(path: Path) -> FactsMap:
    """Load a mapping file of long facts.

    Raises:
        DataError: It cannot be read or has a fault; with every fault.
    """
    return _loaded(FactsMap, path)


def _loaded(model: type[M], path: Path) -> M:
    document, faults = read_document(path, all_keys(model))
    if document is None:
        raise DataError(faults)
    faults = [fault.diagnostic for fault in document.faults]
    file = checked(model, document, document.root, path.name)
    if file.made is None or faults:
        raise DataError([*faults, *file.faults])
    return file.made
