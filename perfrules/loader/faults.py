"""What pydantic finds wrong with a block, in our words and at its place in the file."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from itertools import islice
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from perfrules.errors import Diagnostic
from perfrules.loader.document import Document, Twig
from perfrules.loader.shapes import Path, below, keys_of, unwritten
from perfrules.loader.sources import full_width_colon
from perfrules.locale import Message, message
from perfrules.tables import WrittenError
from perfrules.values import frozen, mutable

M = TypeVar("M", bound=BaseModel)

_UNKNOWN_KEYS = frozenset({"extra_forbidden", "unexpected_keyword_argument"})


@frozen
class Checked(Generic[M]):
    """A block that was read into its model.

    Attributes:
        made: The model; None if there is a fault.
        faults: Every fault of the block, in the order of the file.
        bad: The keys of the block that have a fault.
    """

    made: M | None
    faults: list[Diagnostic]
    bad: frozenset[str | int] = frozenset()


def checked(model: type[M], document: Document, twig: Twig, owner: object) -> Checked[M]:
    """Read a block into its model.

    Args:
        model: The model.
        document: The file.
        twig: The block.
        owner: What the block is, as messages say it.
    """
    groups: list[_Group] = []
    made = None
    try:
        made = model.model_validate(twig.plain, by_alias=True, by_name=False)
    except ValidationError as error:
        groups = _grouped(error, twig)
    told = {group.path for group in groups}
    groups += [_Group(path, []) for path in unwritten(twig, (model,)) if path not in told]
    if not groups:
        return Checked(made, [])
    explainer = _Explainer(model, document, twig, owner)
    faults = sorted(map(explainer.explain, groups), key=position)
    return Checked(None, faults, frozenset(group.path[0] for group in groups if group.path))


def position(fault: Diagnostic) -> tuple[str, int, int]:
    """File, line and column of a fault, to sort by."""
    return (fault.place.file, fault.place.line, fault.place.column) if fault.place else ("", 0, 0)


def meant(name: str, known: Iterable[str]) -> Message | None:
    """``did you mean …?``, if something known looks like ``name``."""
    close = difflib.get_close_matches(name[:100], list(islice(known, 1000)), 1, 0.6)
    return message("did you mean {name}?", name=close[0]) if close else None


def meant_or_listed(name: str, known: Iterable[str]) -> Message | None:
    """``did you mean …?``, or else the list of what is known, shortened if it is long."""
    names = tuple(known)
    if not names:
        return None
    listed = names if len(names) <= 12 else (*names[:12], "…")
    return meant(name, names) or message("known are {names}", names=listed)


# ---- errors, one group for each place -------------------------------------------------------------------------------


@mutable
class _Group:
    """The errors of one place: several where a value may be one of several types."""

    path: Path
    errors: list[ErrorDetails]
    on_key: bool = False


def _grouped(error: ValidationError, twig: Twig) -> list[_Group]:
    groups: dict[tuple[Path, bool], _Group] = {}
    for details in error.errors(include_url=False):
        path, on_key = _path(twig, details)
        groups.setdefault((path, on_key), _Group(path, [], on_key)).errors.append(details)
    above = {group.path[:length] for group in groups.values() for length in range(len(group.path))}
    # of a value that may be one of several types, the one whose inside was looked at is meant
    return [g for g in groups.values() if g.path not in above or _is_about_itself(g)]


def _is_about_itself(group: _Group) -> bool:
    return group.on_key or any(
        e["type"] in _UNKNOWN_KEYS or e["type"] == "missing" for e in group.errors
    )


def _path(twig: Twig, details: ErrorDetails) -> tuple[Path, bool]:
    """The path through the tree, without pydantic's names of union members, and whether the key is meant."""
    path: list[str | int] = []
    loc = details["loc"]
    for part in loc:
        below = _child(twig, part)
        if below is not None:
            twig = below
            path.append(part)
    if details["type"] == "missing":
        path.append(str(loc[-1]))
    return tuple(path), loc[-1:] == ("[key]",)


def _child(twig: Twig, part: str | int) -> Twig | None:
    if isinstance(twig.value, dict):
        return twig.value.get(str(part))
    if isinstance(twig.value, list) and isinstance(part, int) and part < len(twig.value):
        return twig.value[part]
    return None


# ---- words ----------------------------------------------------------------------------------------------------------

_BLOCK = message("a block of keys and values")
_EXPECTED: dict[str, Message] = {
    "string_type": message("a text"),
    "int_type": message("a whole number"),
    "int_parsing": message("a whole number"),
    "int_from_float": message("a whole number"),
    "bool_type": message("true or false"),
    "bool_parsing": message("true or false"),
    "list_type": message("a list"),
    "tuple_type": message("a list"),
    "dict_type": _BLOCK,
    "model_type": _BLOCK,
    "dataclass_type": message("a text or {example}", example="{zh: …, en: …}"),
}
_SHAPES = frozenset({*_EXPECTED, "literal_error"})
_PATTERNS: dict[str, Message] = {
    r"^[a-z0-9]+(-[a-z0-9]+)*$": message("small letters a-z and digits, parted by single hyphens"),
    r"^[^\W\d]\w*$": message("letters, digits and _, not beginning with a digit"),
    r"^[0-9a-f]{16}$": message("16 digits 0-9 and letters a-f"),
    r"\S": message("at least one sign that can be seen"),
    r"^\d+\.\d+\.\d+([-+.]\w+)*$": message(
        "three numbers with dots between, such as {example}", example="1.2.0"
    ),
}


@frozen
class _Explainer:
    """Words the faults of one block."""

    model: type[BaseModel]
    document: Document
    root: Twig
    owner: object

    def explain(self, group: _Group) -> Diagnostic:
        """One fault for one place."""
        if group.errors and not group.on_key:
            error = next((e for e in group.errors if e["type"] not in _SHAPES), group.errors[0])
            if error["type"] == "missing":
                return self._missing(group.path)
            if error["type"] in _UNKNOWN_KEYS:
                return self._unknown(group.path)
            if isinstance(refusal := error.get("ctx", {}).get("error"), WrittenError):
                return self._refused(group.path, refusal)
        elif group.errors:
            return self._misnamed(group.path, group.errors[0])
        return self._mistaken(group)

    def _mistaken(self, group: _Group) -> Diagnostic:
        """A value of a wrong kind, or none."""
        twig = self._at(group.path)
        if any(e["type"] in ("model_type", "dict_type") for e in group.errors):
            colon = self._full_width_colon(twig.start, twig.end, twig.value)
            if colon:
                return colon
        if twig.value is None and not twig.style:
            key = group.path[-1] if group.path else ""
            what = (
                message("nothing is written for {key}", key=key)
                if key
                else message("the file is empty")
            )
            wanted = message("write {expected}", expected=_expected(group.errors))
            return self._wrong(twig, what, wanted if group.errors else None)
        return self._wrong(twig, *_judged(_shown(twig), group.errors))

    def _missing(self, path: Path) -> Diagnostic:
        above = self._at(path[:-1])
        return Diagnostic(
            "PR113",
            message("{key} is missing in {owner}", key=path[-1], owner=self._owner(path[:-1])),
            self.document.place(above),
            message("add {key}", key=f"{path[-1]}: …"),
        )

    def _unknown(self, path: Path) -> Diagnostic:
        above, key = self._at(path[:-1]), str(path[-1])
        span = above.keys[key]
        colon = self._full_width_colon(*span, key)
        if colon:
            return colon
        known = self._keys(path[:-1])
        left = [name for name in known if name not in above.keys]
        outside = key in self._keys(path[:-2]) if len(path) > 1 else False
        return Diagnostic(
            "PR112",
            message("{key} is not a key of {owner}", key=key, owner=self._owner(path[:-1])),
            self.document.source.place(*span),
            message("it is a key of {owner}", owner=self._owner(path[:-2]))
            if outside
            else meant(key, left) or meant_or_listed(key, known),
        )

    def _misnamed(self, path: Path, error: ErrorDetails) -> Diagnostic:
        above, key = self._at(path[:-1]), str(path[-1])
        span = above.keys[key]
        colon = self._full_width_colon(*span, key)
        return colon or Diagnostic(
            "PR114", _judged(key, [error])[0], self.document.source.place(*span)
        )

    def _refused(self, path: Path, error: WrittenError) -> Diagnostic:
        twig = self._at(path)
        span = twig.mark
        if isinstance(twig.value, dict) and error.key in twig.value:
            span = twig.value[error.key].mark
        elif path and (above := self._at(path[:-1])).keys.get(str(path[-1])):
            span = above.keys[str(path[-1])]
        return Diagnostic("PR114", error.message, self.document.source.place(*span))

    def _wrong(self, twig: Twig, what: Message, hint: Message | None) -> Diagnostic:
        return Diagnostic("PR114", what, self.document.place(twig), hint)

    def _full_width_colon(self, start: int, end: int, value: object) -> Diagnostic | None:
        if not isinstance(value, str):
            return None
        at = self.document.source.text.find("：", start, end)
        return full_width_colon(self.document.source, at) if at >= 0 else None

    def _owner(self, path: Path) -> object:
        """What the block at ``path`` is, as a message says it."""
        if not path:
            return self.owner
        part = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in path).removeprefix(
            "."
        )
        return message("{part} of {owner}", part=part, owner=self.owner)

    def _keys(self, path: Path) -> list[str]:
        return [name for option in self._types(path) for name in keys_of(option)]

    def _types(self, path: Path) -> tuple[object, ...]:
        types: tuple[object, ...] = (self.model,)
        for part in path:
            types = below(types, part)
        return types

    def _at(self, path: Path) -> Twig:
        twig = self.root
        for part in path:
            twig = _child(twig, part) or twig
        return twig


def _shown(twig: Twig) -> object:
    if isinstance(twig.value, str):
        return twig.value if len(twig.value) <= 40 else f"{twig.value[:40]}…"
    return message("a list") if isinstance(twig.value, list) else _BLOCK


def _expected(errors: list[ErrorDetails]) -> Message:
    """What could stand here, in words."""
    parts: list[Message] = []
    for error in errors:
        allowed = _allowed(error)
        part = (
            message("one of {allowed}", allowed=allowed)
            if allowed
            else _EXPECTED.get(error["type"])
        )
        if part is not None and part not in parts:
            parts.append(part)
    told = parts[0] if parts else message("something else")
    for part in parts[1:]:
        told = message("{first} or {second}", first=told, second=part)
    return told


def _allowed(error: ErrorDetails) -> tuple[str, ...]:
    if error["type"] != "literal_error":
        return ()
    return tuple(re.findall(r"'([^']*)'", error["ctx"]["expected"]))


def _judged(value: object, errors: list[ErrorDetails]) -> tuple[Message, Message | None]:
    """What is wrong with a value, and what was perhaps meant."""
    error = errors[0]
    context = error.get("ctx", {})
    if error["type"] == "string_pattern_mismatch":
        pattern = _PATTERNS.get(context["pattern"])
        told = message(
            "{value} is not made of {signs}", value=value, signs=pattern or context["pattern"]
        )
        return told, _kebab(str(value)) if context["pattern"] == next(iter(_PATTERNS)) else None
    if error["type"] == "string_too_long":
        return message(
            "{value} is longer than {limit} characters", value=value, limit=context["max_length"]
        ), None
    if error["type"] == "too_short":
        return message("at least one entry is due here"), None
    if error["type"] == "greater_than_equal":
        return message("{value} is less than {limit}", value=value, limit=context["ge"]), None
    if error["type"] not in _EXPECTED and error["type"] != "literal_error":
        return message("{value} is wrong: {reason}", value=value, reason=error["msg"]), None
    allowed = [name for e in errors for name in _allowed(e)]
    due = _expected(errors)
    if not isinstance(value, str):
        return message(
            "{found} stands here, where {expected} is due", found=value, expected=due
        ), None
    return message("{value} is not {expected}", value=value, expected=due), meant(value, allowed)


def _kebab(name: str) -> Message | None:
    made = kebab(name)
    return message("for example {name}", name=made) if made else None


def kebab(name: str) -> str:
    """``name`` as an id of small letters and digits, parted by single hyphens; empty if nothing of it can stand in one."""
    text = unicodedata.normalize("NFKC", name)
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", text).lower()
    return "-".join(re.findall(r"[a-z0-9]+", text))
