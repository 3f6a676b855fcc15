"""The Chinese catalogues: what the source says, what is translated, and ``make locale``, which brings the two together.

Run it as ``python -m tests.locale.catalogues``: it extracts the messages of perfrules and of click, merges them into the ``.po``
files, compiles these, and names every message that has no translation yet. Babel's own commands would do, if they did not take
every ``%`` for a place of the old kind of format.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from perfrules.locale import FOLDER

LANGUAGE = "zh"
SOURCES: dict[str, tuple[Path, dict[str, tuple[int, ...] | None]]] = {
    "perfrules": (FOLDER.parent, {"message": (1,)}),
    "click": (Path(click.__file__).parent, {"_": None, "gettext": None, "ngettext": (1, 2)}),
}
"""Where the messages of a domain are, and the functions that take them."""


def po_file(domain: str) -> Path:
    """The catalogue of a domain, as people edit it."""
    return FOLDER / LANGUAGE / "LC_MESSAGES" / f"{domain}.po"


def extracted(domain: str) -> Catalog:
    """The messages of a domain as they stand in the source, without translations."""
    folder, keywords = SOURCES[domain]
    found = Catalog(project=domain)
    rows = extract_from_dir(folder, [("**.py", "python")], keywords=keywords)
    for _, _, words, _, _ in rows:
        found.add(words)
    return found


def catalogue(domain: str) -> Catalog:
    """The catalogue of a domain."""
    with po_file(domain).open("rb") as file:
        return read_po(file, locale=LANGUAGE, domain=domain)


def messages(found: Catalog) -> Iterator[Message]:
    """Its messages, without its head."""
    return (item for item in found if item.id)


def merged(domain: str) -> Catalog:
    """The catalogue brought up to date: what is new is empty, what is gone is left out, nothing is guessed."""
    old, new = catalogue(domain), Catalog(locale=LANGUAGE, project=domain, fuzzy=False)
    new.header_comment = old.header_comment
    new.creation_date, new.revision_date = old.creation_date, old.revision_date
    for item in messages(extracted(domain)):
        known = old.get(item.id[0] if isinstance(item.id, tuple | list) else item.id)
        new.add(item.id, known.string if known else "")
    return new


def written(found: Catalog) -> bytes:
    """A catalogue as a ``.po`` file."""
    file = BytesIO()
    write_po(file, found, width=0, sort_output=True, no_location=True, omit_header=False)
    lines = file.getvalue().decode().splitlines()
    kept = (line.replace(", python-format", "") for line in lines)
    return ("\n".join(line for line in kept if line != "#") + "\n").encode()


def compiled(found: Catalog) -> bytes:
    """A catalogue as a ``.mo`` file."""
    file = BytesIO()
    write_mo(file, found)
    return file.getvalue()


def main() -> int:
    """Bring every catalogue up to date; 1 if something is left to translate."""
    empty = 0
    for domain in SOURCES:
        found = merged(domain)
        po_file(domain).write_bytes(written(found))
        po_file(domain).with_suffix(".mo").write_bytes(compiled(catalogue(domain)))
        for item in messages(found):
            if not any(item.string if isinstance(item.string, tuple | list) else [item.string]):
                empty += 1
                sys.stdout.write(f"{po_file(domain)}: {item.id!r}\n")
    return 1 if empty else 0


if __name__ == "__main__":
    sys.exit(main())
