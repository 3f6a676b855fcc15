"""Classes of fields, frozen or not: what ``@dataclass`` makes of a class with slots, in a quarter of its time.

dataclass compiles up to six methods of each class, and a check imports 170 of them: that was a tenth of its time. Here a class
has a constructor of its own, equality and hash when they are first asked for, and the rest in common with the others.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from reprlib import recursive_repr
from types import MappingProxyType
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")

_NOTHING: Mapping[str, object] = MappingProxyType({})


class _New:
    """Stands where a factory makes the default."""

    def __repr__(self) -> str:
        return "<factory>"


_NEW = _New()
_slotted = dataclass(init=False, repr=False, eq=False, slots=True)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class of frozen values with slots; its fields are written as those of a dataclass, and it is one."""
    return _made(cls, "_set(self, {name!r}, {given})", {"__hash__": _hash}, _FROZEN)


@dataclass_transform(field_specifiers=(field,))
def mutable(cls: type[T]) -> type[T]:
    """Make a class with slots whose fields may change, likewise: what ``@dataclass(slots=True)`` makes."""
    return _made(cls, "self.{name} = {given}", {}, {"__hash__": None})


def _made(
    cls: type[T], put: str, later: Mapping[str, Any], shared: Mapping[str, object]
) -> type[T]:
    """The class with slots and methods.

    Args:
        cls: The class as written.
        put: How its constructor sets a field.
        later: Methods besides equality that are compiled when they are first called.
        shared: Attributes that all classes have alike, besides the text.
    """
    cls.__doc__ = cls.__doc__ or cls.__name__  # or dataclass asks for the signature, which is slow
    made: Any = _slotted(cls)
    written = {name for name, found in vars(made).items() if found is not None}
    methods: dict[str, object] = {"__init__": _init(made, put), "__repr__": _repr, **shared}
    methods |= {name: _later(made, make) for name, make in {"__eq__": _eq, **later}.items()}
    for name, method in methods.items():
        if name not in written:
            setattr(made, name, method)
    return made  # type: ignore[no-any-return]  # the same class, with slots


def _later(cls: Any, make: Callable[[Any], Any]) -> Any:
    """A method that is compiled when it is first called: most values are never compared."""

    def method(*args: object) -> object:
        made = make(cls)
        setattr(cls, made.__name__, made)
        return made(*args)

    return method


def _eq(cls: Any) -> Any:
    names = [part.name for part in fields(cls) if part.compare]
    equal = f"{_each('self', names)} == {_each('other', names)}"
    same = "other.__class__ is self.__class__"
    return _compiled(cls, "__eq__", "self, other", f"return {equal} if {same} else NotImplemented")


def _hash(cls: Any) -> Any:
    parts = fields(cls)
    names = [part.name for part in parts if (part.compare if part.hash is None else part.hash)]
    return _compiled(cls, "__hash__", "self", f"return hash({_each('self', names)})")


def _init(cls: Any, put: str) -> Any:
    parts = fields(cls)
    known: dict[str, object] = {"_set": object.__setattr__, "_new": _NEW}
    body: list[str] = []
    for part in parts:
        known |= {f"_default_{part.name}": part.default, f"_make_{part.name}": part.default_factory}
        if given := _given(part):
            body.append(put.format(name=part.name, given=given))
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    made = _compiled(cls, "__init__", _arguments(parts), "; ".join(body) or "pass", known)
    made.__annotations__ = {part.name: part.type for part in parts if part.init} | {"return": None}
    return made


def _compiled(
    cls: Any, name: str, arguments: str, body: str, known: Mapping[str, object] = _NOTHING
) -> Any:
    inside: dict[str, Any] = {"__name__": cls.__module__, **known}
    exec(f"def {name}({arguments}): {body}", inside)  # noqa: S102  # names of fields only, as in dataclasses
    made = inside[name]
    made.__qualname__ = f"{cls.__qualname__}.{name}"
    return made


def _given(part: Field[Any]) -> str:
    """What a field is set to, as code; nothing for one that the class sets itself."""
    made = f"_make_{part.name}()"
    if part.default_factory is not MISSING:
        return f"{part.name} if {part.name} is not _new else {made}" if part.init else made
    if part.init:
        return part.name
    return "" if part.default is MISSING else f"_default_{part.name}"


def _arguments(parts: Iterable[Field[Any]]) -> str:
    ahead, named = ["self"], list[str]()
    for part in (part for part in parts if part.init):
        default = ""
        if part.default is not MISSING:
            default = f"=_default_{part.name}"
        elif part.default_factory is not MISSING:
            default = "=_new"
        (named if part.kw_only else ahead).append(part.name + default)
    return ", ".join([*ahead, *(["*", *named] if named else [])])


def _each(owner: str, names: list[str]) -> str:
    return f"({''.join(f'{owner}.{name}, ' for name in names)})"


# ---- what is the same for every class --------------------------------------------------------------------------------


@recursive_repr()
def _repr(self: Any) -> str:
    parts = (f"{part.name}={getattr(self, part.name)!r}" for part in fields(self) if part.repr)
    return f"{type(self).__qualname__}({', '.join(parts)})"


def _setattr(_: object, name: str, __: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(_: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _getstate(self: Any) -> list[object]:
    return [getattr(self, part.name) for part in fields(self)]


def _setstate(self: Any, state: list[object]) -> None:
    for part, held in zip(fields(self), state, strict=True):
        object.__setattr__(self, part.name, held)


_FROZEN = {
    "__setattr__": _setattr, "__delattr__": _delattr, "__getstate__": _getstate, "__setstate__": _setstate,
}  # fmt: skip
