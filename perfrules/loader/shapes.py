"""The shape of the models: which keys a block may have, and what may stand under each."""

from collections.abc import Iterable, Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Union, get_args, get_origin

from pydantic import BaseModel

from perfrules.loader.document import Twig
from perfrules.locale import Label

Path = tuple[str | int, ...]


def keys_of(annotation: object) -> tuple[str, ...]:
    """The keys that a block of this type may have, as they are written."""
    if annotation is Label:
        return ("zh", "en")
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return tuple(info.alias or name for name, info in annotation.model_fields.items())
    return ()


@cache
def all_keys(*models: type[BaseModel]) -> frozenset[str]:
    """Every key of ``models`` and of the models inside them."""
    found: set[str] = set()
    seen: set[object] = set()
    todo: list[object] = list(models)
    while todo:
        annotation = todo.pop()
        for option in _options(annotation):
            if option not in seen and keys_of(option):
                seen.add(option)
                found.update(keys_of(option))
                todo += [info.annotation for info in getattr(option, "model_fields", {}).values()]
            todo += [part for part in _parts(option) if part not in seen]
    return frozenset(found)


def _options(annotation: object) -> Iterator[object]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _options(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for part in get_args(annotation):
            yield from _options(part)
    elif annotation is not NoneType:
        yield annotation


def _parts(option: object) -> tuple[object, ...]:
    return get_args(option) if get_origin(option) in (list, tuple, dict) else ()


@cache
def _fields(model: type[BaseModel]) -> dict[str, tuple[object, ...]]:
    """For each key of a model, the types that may stand under it."""
    return {
        info.alias or name: tuple(_options(info.annotation))
        for name, info in model.model_fields.items()
    }


def below(options: Iterable[object], part: str | int) -> tuple[object, ...]:
    """The types that may stand under ``part`` of something of one of the types ``options``."""
    found: list[object] = []
    for option in options:
        if isinstance(option, type) and issubclass(option, BaseModel):
            found += _fields(option).get(str(part), ())
        elif get_origin(option) is dict and isinstance(part, str):
            found += _options(get_args(option)[1])
        elif get_origin(option) in (list, tuple) and isinstance(part, int):
            found += _options(get_args(option)[0])
    return tuple(found)


def unwritten(twig: Twig, types: tuple[object, ...]) -> Iterator[Path]:
    """The keys of blocks behind which nothing stands; a blank cell of a case is no such key."""
    ahead = [twig]
    for piece in ahead:  # the types are followed only where there is something to find
        if piece.value is None and piece.start == piece.end:
            return _unwritten(twig, types)
        if isinstance(piece.value, dict):
            ahead += piece.value.values()
        elif isinstance(piece.value, list):
            ahead += piece.value
    return iter(())


def _unwritten(twig: Twig, types: tuple[object, ...]) -> Iterator[Path]:
    block = _is_block(types)
    for part, child in _children(twig):
        if block and child.value is None and child.start == child.end:
            yield (part,)
        elif isinstance(child.value, dict | list):
            for path in _unwritten(child, below(types, part)):
                yield (part, *path)


@cache
def _is_block(types: tuple[object, ...]) -> bool:
    return any(map(keys_of, types))


def _children(twig: Twig) -> Iterator[tuple[str | int, Twig]]:
    if isinstance(twig.value, dict):
        yield from twig.value.items()
    elif isinstance(twig.value, list):
        yield from enumerate(twig.value)
