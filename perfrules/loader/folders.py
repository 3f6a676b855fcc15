"""Where packs are found, and which files belong to one."""

import importlib.metadata
import importlib.util
from pathlib import Path

from perfrules.errors import Diagnostic, PackError
from perfrules.loader.faults import meant_or_listed
from perfrules.locale import message
from perfrules.locations import Place

PACK_FILE = "pack.yaml"
RULES_SUFFIX = ".rules.yaml"
ENTRY_POINTS = "perfrules.packs"
MAX_FILES = 500
"""How many rules files a pack may have."""


def builtin_packs() -> dict[str, Path]:
    """The packs that come with perfrules: folders by id."""
    package = Path(__file__).parents[1]
    homes = [package / "rules"]
    if (package.parent / "pyproject.toml").is_file():  # a source checkout
        homes.append(package.parent / "rules")
    return {
        folder.name: folder
        for home in homes
        if home.is_dir()
        for folder in sorted(home.iterdir())
        if (folder / PACK_FILE).is_file()
    }


def folder_of(name_or_folder: str | Path) -> Path:
    """The folder of a pack that is built in, installed, or a folder itself.

    Raises:
        PackError: There is no such pack.
    """
    name = str(name_or_folder)
    if isinstance(name_or_folder, str):
        found = builtin_packs().get(name) or _plugin(name)
        if found is not None:
            return found
    folder = Path(name_or_folder)
    if folder.name == PACK_FILE and folder.is_file():
        return folder.parent
    if (folder / PACK_FILE).is_file():
        return folder
    if folder.is_dir():
        raise PackError(
            [
                Diagnostic(
                    "PR111",
                    message("{folder} has no {file}", folder=name, file=PACK_FILE),
                    Place(name, 1),
                    message("name the folder that holds it"),
                )
            ]
        )
    known = installed_packs()
    raise PackError(
        [
            Diagnostic(
                "PR111",
                message(
                    "there is no pack {name}: neither built in, nor installed, nor a folder",
                    name=name,
                ),
                None,
                meant_or_listed(name, known),
            )
        ]
    )


def installed_packs() -> list[str]:
    """The ids of the packs that come with perfrules, and of those that are installed beside it."""
    return sorted({*builtin_packs(), *_plugins()})


def _plugins() -> dict[str, str]:
    return {
        point.name: point.module for point in importlib.metadata.entry_points(group=ENTRY_POINTS)
    }


def _plugin(name: str) -> Path | None:
    """The folder of an installed pack; its module is looked up and not run."""
    module = _plugins().get(name)
    if module is None:
        return None
    try:
        spec = importlib.util.find_spec(module)
    except ImportError:
        spec = None
    if spec is None:
        raise PackError(
            [
                Diagnostic(
                    "PR111",
                    message(
                        "the pack {name} is installed, but its module {module} is not there",
                        name=name,
                        module=module,
                    ),
                )
            ]
        )
    if spec.submodule_search_locations:
        return Path(spec.submodule_search_locations[0])
    return Path(spec.origin or "").parent


def rule_files(folder: Path) -> tuple[list[Path], list[Diagnostic]]:
    """The rules files in a folder and in the folders directly inside it, by name."""
    home = folder.resolve()
    found: list[Path] = []
    faults: list[Diagnostic] = []
    for path in sorted({*folder.glob("*"), *folder.glob("*/*")}):
        if path.name.endswith((".rules.yml", ".rule.yaml", ".rule.yml")) or path.name in (
            "rules.yaml",
            "rules.yml",
        ):
            faults.append(
                Diagnostic(
                    "PR101",
                    message(
                        "{file} is not read: names of rules files end with {suffix}",
                        file=path.name,
                        suffix=RULES_SUFFIX,
                    ),
                    Place(str(path), 1),
                    message("rename it"),
                )
            )
        if not path.name.endswith(RULES_SUFFIX):
            continue
        if strays := leads_out(path, home):
            faults += strays
        elif len(found) == MAX_FILES:
            faults.append(
                Diagnostic(
                    "PR110",
                    message("more than {limit} rules files", limit=MAX_FILES),
                    Place(str(path), 1),
                )
            )
            break
        else:
            found.append(path)
    return found, faults


def home_of(file: Path) -> Path | None:
    """The folder of the pack that a rules file belongs to: its own, or the one above; None if neither is one."""
    homes = (file.parent, file.parent.parent)
    return next((home for home in homes if (home / PACK_FILE).is_file()), None)


def leads_out(path: Path, home: Path) -> list[Diagnostic]:
    """The fault of a link out of the pack's folder, if it is one."""
    if path.resolve().is_relative_to(home):
        return []
    return [
        Diagnostic(
            "PR101",
            message("{file} leads out of the pack's folder", file=path.name),
            Place(str(path), 1),
            message("copy the file into the folder instead of linking to it"),
        )
    ]
