"""``perfrules.toml``, or ``[tool.perfrules]`` of pyproject.toml."""

from pathlib import Path

from perfrules.configuration import ConfigFile
from perfrules.errors import DataError
from perfrules.loader.document import Twig
from perfrules.loader.faults import checked
from perfrules.loader.toml import read_toml

PYPROJECT = "pyproject.toml"


def load_configuration(path: Path) -> ConfigFile:
    """Load a configuration.

    Args:
        path: A pyproject.toml, of which ``[tool.perfrules]`` is read, or another TOML file, which is read whole.

    Raises:
        DataError: It cannot be read, or has a fault; with every fault.
    """
    document, faults = read_toml(path)
    if document is None:
        raise DataError(faults)
    twig, owner = document.root, path.name
    if path.name == PYPROJECT:
        twig, owner = _tool(document.root), f"[tool.perfrules] ({path.name})"
    file = checked(ConfigFile, document, twig, owner)
    if file.made is None:
        raise DataError(file.faults)
    return file.made


def _tool(root: Twig) -> Twig:
    """``[tool.perfrules]``, or an empty table."""
    found = root
    for name in ("tool", "perfrules"):
        below = found.value.get(name) if isinstance(found.value, dict) else None
        found = below if below is not None else Twig({}, 0, 0, "", {})
    return found
