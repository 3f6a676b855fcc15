"""``perfrules lint --fix``: what is safe to mend is mended in the files, and told line by line."""

from pathlib import Path

from perfrules.cli import output
from perfrules.cli.settings import Settings
from perfrules.errors import Diagnostic, UsageError
from perfrules.loader.datasets import DATASET_FILE
from perfrules.loader.fixes import fixed_dataset, fixed_pack
from perfrules.locale import message


def fix(settings: Settings, place: str | Path) -> None:
    """Mend a pack or dataset.

    Raises:
        UsageError: It is named by its id, or a file cannot be written.
    """
    if isinstance(place, str):
        raise UsageError([Diagnostic("PR520", _NO_FOLDER, hint=_NAME_IT)])
    is_dataset = place.name == DATASET_FILE
    fixed = fixed_dataset(place.parent) if is_dataset else fixed_pack(place)
    for path, content in fixed.texts.items():
        output.write(path, content)
        for file, one in fixed.made if not settings.quiet else ():
            if file == path:
                output.tell(f"{path}:{one.line}: {settings.say(one.what)}")


_NO_FOLDER = message("packs that are built in or installed are not changed")
_NAME_IT = message("name the folder of the pack")
