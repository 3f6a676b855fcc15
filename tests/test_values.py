"""Our classes of fields are what dataclasses with slots are: the same fields, constructor, equality, hash and text."""

import copy
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from inspect import signature
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

import pytest

from perfrules.expr.nodes import Compare, Name, Number
from perfrules.values import frozen, mutable

T = TypeVar("T")
MAKERS: list[tuple[Any, Any]] = [
    (frozen, dataclass(frozen=True, slots=True)),
    (mutable, dataclass(slots=True)),
]


def declared(make: Any) -> SimpleNamespace:
    """Classes of every shape that is in use, made by ``make``."""

    @make
    class Empty:
        pass

    @make
    class Base:
        at: int = field(default=0, compare=False, kw_only=True)

    @make
    class Below(Base):
        name: str
        items: list[int] = field(default_factory=list, hash=False)
        hidden: str = field(default="-", repr=False)

    @make
    class Own(Generic[T]):  # noqa: PLW1641  # its hash is made
        held: T
        size: int = field(init=False)
        seen: list[T] = field(init=False, default_factory=list)

        def __post_init__(self) -> None:
            object.__setattr__(self, "size", 2)

        def __eq__(self, other: object) -> bool:
            return isinstance(other, str)

        def __repr__(self) -> str:
            return "own"

    return SimpleNamespace(e=Empty, b=Base, c=Below, o=Own)


Below = declared(frozen).c
CALLS: list[Callable[..., Any]] = [
    lambda k: k.e(),
    lambda k: k.b(at=2),
    lambda k: k.b(2),
    lambda k: k.c("a"),
    lambda k: k.c("a", [1], "h", at=3),
    lambda k: k.c(items=[1], name="n"),
    lambda k: k.c(),
    lambda k: k.o(1),
    lambda k: k.o(1, 2),
    lambda k: replace(k.c("a", [1], at=4), name="b"),
    lambda k: k.c("a", [1]) == k.c("a", [1], at=5),
    lambda k: k.c("a") == k.c("a", [1]),
    lambda k: k.c("a", hidden="b") == k.c("a"),
    lambda k: (k.e() == k.e(), k.e() == k.b(), k.b(at=1) == k.b(at=2), k.o(1) == "x"),
    lambda k: k.c("a").items is k.c("a").items,
    lambda k: hash(k.c("a", [1])) == hash(k.c("a", [], at=5)) != hash(k.c("b")),
    lambda k: hash(k.o(1)),
    lambda k: setattr(k.c("a"), "name", "b"),
    lambda k: delattr(k.c("a"), "name"),
    lambda k: [k.c.__match_args__, k.c.__slots__, k.b.__slots__, k.o.__slots__],
    lambda k: [(f.name, f.type, f.init) for f in fields(k.c)],
    lambda k: [str(signature(kind)) for kind in (k.e, k.b, k.c, k.o)],
    lambda k: [k.c.__init__.__qualname__, k.c.__init__.__module__],
    lambda k: (vars(k.o(1)) if hasattr(k.o(1), "__dict__") else None, k.o(1).seen, k.o(1).size),
]


@pytest.mark.parametrize("makers", MAKERS)
@pytest.mark.parametrize("call", CALLS)
def test_a_class_does_what_a_dataclass_does(call: Callable[..., Any], makers: Any) -> None:
    ours, theirs = (_told(call, declared(make)) for make in makers)
    assert ours == theirs


def _told(call: Callable[..., Any], kinds: SimpleNamespace) -> str:
    try:
        return repr(call(kinds))
    except (TypeError, AttributeError) as error:  # frozen values raise the latter
        return f"{type(error).__name__}: {error}"


def test_a_value_refuses_to_change() -> None:
    value = Below("a")
    with pytest.raises(FrozenInstanceError):
        value.name = "b"
    with pytest.raises(FrozenInstanceError):
        value.other = "b"
    assert value == Below("a")


def test_the_same_class_is_compared_and_hashed_again() -> None:
    """That is, what the first call compiled."""
    assert [Below("a") == Below(name) for name in "aba"] == [True, False, True]
    assert len({Below("a"), Below("a"), Below("b")}) == 2


def test_what_is_mutable_changes_and_is_no_key() -> None:
    changing = declared(mutable).c("a")
    changing.name = "b"
    assert changing == replace(changing)
    with pytest.raises(TypeError, match="unhashable"):
        hash(changing)


@pytest.mark.parametrize("kind", [Below, declared(mutable).c])
@pytest.mark.parametrize("made", [copy.copy, copy.deepcopy])
def test_a_value_is_copied(made: Callable[[Any], Any], kind: Any) -> None:
    value = kind("a", [1], at=7)
    assert (made(value), made(value).at) == (value, 7)


def test_a_value_is_pickled() -> None:
    value = Compare("=", Name("a"), Number("1"), at=(0, 5))
    again = pickle.loads(pickle.dumps(value))  # noqa: S301  # of our own
    assert (again, again.at, again.right) == (value, (0, 5), Number("1"))
