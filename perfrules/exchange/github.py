"""Annotations of GitHub Actions: commands in the log of a step, which GitHub shows beside the line of a file."""

from collections.abc import Mapping


def command(level: str, properties: Mapping[str, object], text: str) -> str:
    """One annotation; ``level`` is ``error``, ``warning`` or ``notice``."""
    listed = ",".join(f"{name}={_escaped(str(value), ':,')}" for name, value in properties.items())
    return f"::{level} {listed}::{_escaped(text)}"


def _escaped(text: str, signs: str = "") -> str:
    """``text`` with the signs that end a part of a command written as ``%`` and their number."""
    for sign in f"%\r\n{signs}":
        text = text.replace(sign, f"%{ord(sign):02X}")
    return text
