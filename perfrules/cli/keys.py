"""Keys of rows as they are written on the command line."""

from collections.abc import Mapping

from perfrules.errors import Diagnostic, UsageError
from perfrules.locale import message


def key_of(text: str) -> Mapping[str, str]:
    """The key that ``year=2023,stage=决算`` says.

    Raises:
        UsageError: A part is not written as ``KEY=VALUE``.
    """
    parts = [
        part.strip()
        for part in text.replace("，", ",").replace("＝", "=").split(",")
        if part.strip()
    ]
    for part in parts:
        if "=" not in part:
            raise UsageError([Diagnostic("PR506", message("{part} is not KEY=VALUE", part=part))])
    return {
        name.strip(): value.strip() for name, _, value in (part.partition("=") for part in parts)
    }
