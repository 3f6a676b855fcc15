"""Spark: tables that a session holds as views, asked in SQL; what it is asked is made once, whatever the session."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

import polars as pl
from py4j.protocol import Py4JError, Py4JJavaError
from pyspark import inheritable_thread_target
from pyspark.errors import PySparkException

from perfrules.databases import sql
from perfrules.databases.catalog import Found
from perfrules.databases.faults import stopped
from perfrules.errors import DataError
from perfrules.locale import message

BLOCK = 100_000
"""Rows that are judged at a time."""
_HERE = "`@table_"
"""How queries name the views of whatever session they run in."""
_KINDS = {
    "tinyint": "int8", "smallint": "int16", "int": "int32", "bigint": "int64",
    "string": "string", "date": "date", "boolean": "boolean", "timestamp": "timestamp", "timestamp_ntz": "timestamp",
}  # fmt: skip
_FLOATS = ("float", "double")
_WHOLE = "spark.sql.codegen.wholeStage"
LONG = 8_000
"""Signs of a query from which on making machine code of it as a whole takes longer than running it without."""
SIDE_BY_SIDE = 2
"""Queries that run at a time."""
_SETTINGS = {
    "spark.sql.ansi.enabled": "true",  # what does not fit is an error, and never null
    "spark.sql.maxConcurrentOutputFileWriters": "16",  # verdicts are not sorted by outcome before they are written
    _WHOLE: "false",
}
_GONE = message("its process has ended or was killed")
FAULTS = (PySparkException, Py4JError, OSError)
"""What a session raises that fails, or that is no more."""
_LOGGER = logging.getLogger("SQLQueryContextLogger")


class Spark:
    """A session of Spark, classic or Connect.

    Attributes:
        name: What reports call it.
        session: The session.
        shown: What people are told that it is.
        dialect: How to ask it.
        found: The tables that were shown to it.
    """

    name = "spark"

    def __init__(self, session: Any, shown: str = "Spark") -> None:
        self.session = session
        self.shown = shown
        self.dialect = sql.Dialect("pyspark")
        self.found: dict[tuple[str, str], Found] = {}
        self._views: list[str] = []
        self._prefix = f"perfrules_{uuid4().hex}_"
        self._pool = ThreadPoolExecutor(SIDE_BY_SIDE, self._prefix)
        self._begun: list[Future[Any]] = []
        self._whole = False
        with self._told():
            _take(session)

    def show(self, title: str, frame: Any) -> None:
        """Let queries see a frame of Spark as a table that people call ``title``."""
        name = f"@table_{len(self.found)}"
        with self._told():
            self._view(name, frame)
            written = dict(frame.dtypes)
        columns = {column: _kind(kind) for column, kind in written.items()}
        self.found["", name] = Found("", name, columns, written, title=title)

    def read(self, title: str, path: Path) -> None:
        """Let queries see a Parquet file, or a folder of them, as a table that people call ``title``."""
        with self._told():
            frame = self.session.read.parquet(str(path.absolute()))
        self.show(title, frame)

    def tables(self) -> Mapping[tuple[str, str], Found]:
        """The tables that were shown."""
        return self.found

    def rows(
        self, query: sql.Text, order: Sequence[str] = (), limit: int | None = None
    ) -> Iterator[pl.DataFrame]:
        """Begin a query beside those that run; its rows in blocks. All of them are sorted here: Spark would run the query twice for that."""
        text = query.sql if limit is None else query.ordered(order, limit)
        with self._told():
            self._set_whole(wanted=len(text) <= LONG)
            ran = inheritable_thread_target(self.session)(
                self._ran
            )  # the job group is the caller's
        begun = self._pool.submit(ran, self._named(text))
        self._begun.append(begun)
        return self._taken(begun, order if limit is None else ())

    def _set_whole(self, *, wanted: bool) -> None:
        """Have whole-stage code made or not; the session has one setting for all queries that run."""
        self._begun = [one for one in self._begun if not one.done()]
        if wanted == self._whole or (wanted and self._begun):
            return
        wait(self._begun)
        self.session.conf.set(_WHOLE, str(wanted).lower())
        self._whole = wanted

    def _ran(self, text: str) -> Any:
        self.session.addTag(self._prefix)  # tags are those of a thread
        return self.session.sql(text).toArrow()

    def _taken(self, begun: "Future[Any]", order: Sequence[str]) -> Iterator[pl.DataFrame]:
        with self._told():
            rows = begun.result()
        frame = _frame(rows)
        yield from (frame.sort(order, nulls_last=True) if order else frame).iter_slices(BLOCK)

    def whole(self, table: Found) -> pl.DataFrame:
        """All rows of a table; what has no type of its own here comes as text."""
        say = sql.SPARK.name
        asked = [
            say(name) if kind or table.written[name] in _FLOATS else f"CAST({say(name)} AS STRING) AS {say(name)}"
            for name, kind in table.columns.items()
        ]  # fmt: skip
        text = f"SELECT {', '.join(asked)} FROM {say(table.name)}"  # noqa: S608  # names are quoted
        with self._told():
            return _frame(self.session.sql(self._named(text)).toArrow())

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Let queries see a frame under a name."""
        made = self.made(frame)
        with self._told():
            self._view(name, made)

    def made(self, frame: pl.DataFrame) -> Any:
        """A frame in memory as one of Spark."""
        with self._told():
            return self.session.createDataFrame(frame.to_arrow())

    def run(self, text: str) -> Any:
        """The frame of Spark that a query gives."""
        with self._told():
            return self.session.sql(self._named(text))

    def save(self, frame: Any, path: Path, by: str) -> None:
        """Write a frame to a new folder of Parquet, parted by the values of a column; it may come of long queries."""
        with self._told():
            self._set_whole(wanted=False)
            frame.write.partitionBy(by).parquet(str(path))

    def close(self) -> None:
        """Leave the session as it was; one that is no more needs nothing."""
        with suppress(DataError), self._told():
            if not all(one.done() for one in self._begun):
                self.session.interruptTag(self._prefix)
        self._pool.shutdown(cancel_futures=True)
        with suppress(DataError), self._told():
            for view in self._views:
                self.session.catalog.dropTempView(view)
            _leave(self.session)

    def _view(self, name: str, frame: Any) -> None:
        view = self._named(f"`{name}`").strip("`")
        frame.createOrReplaceTempView(view)
        self._views.append(view)

    def _named(self, text: str) -> str:
        """A query with the views of this session."""
        return text.replace(_HERE, f"`{self._prefix}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what is wrong where Spark stops answering."""
        try:
            yield
        except FAULTS as fault:
            raise stopped(self.shown, _GONE if _is_gone(fault) else str(fault)) from fault


def _is_gone(fault: Exception) -> bool:
    """Whether nobody answers any more, of which py4j and gRPC tell no more than what they wanted to call."""
    if isinstance(fault, PySparkException):
        return "StatusCode.UNAVAILABLE" in str(fault)
    return isinstance(fault, Py4JError | ConnectionError) and not isinstance(fault, Py4JJavaError)


def _kind(written: str) -> str:
    return written.replace(",", ", ") if written.startswith("decimal(") else _KINDS.get(written, "")


def _frame(rows: Any) -> pl.DataFrame:
    frame = pl.DataFrame(rows)
    times = (
        pl.col(name).dt.replace_time_zone(None)
        for name, kind in frame.schema.items()
        if isinstance(kind, pl.Datetime)
    )
    return frame.with_columns(times)


# ---- settings of a session, for as long as somebody asks it -------------------------------------------------------------------

_lock = Lock()
_held: dict[int, tuple[int, dict[str, str | None]]] = {}
_quiet: list[bool] = []
"""Whether nobody heard of faults before; they are told by us."""


def _take(session: Any) -> None:
    with _lock:
        users, before = _held.get(id(session), (0, {}))
        if not users:
            before = {name: session.conf.get(name, None) for name in _SETTINGS}
            for name, value in _SETTINGS.items():
                session.conf.set(name, value)
        if not _held:
            _quiet[:] = [_LOGGER.disabled]
            _LOGGER.disabled = True
            logging.getLogger().addFilter(_is_heard)
        _held[id(session)] = (users + 1, before)


def _leave(session: Any) -> None:
    with _lock:
        users, before = _held.pop(id(session))
        if users > 1:
            _held[id(session)] = (users - 1, before)
            return
        if not _held:
            (_LOGGER.disabled,) = _quiet
            logging.getLogger().removeFilter(_is_heard)
        for name, value in before.items():
            if value is None:
                session.conf.unset(name)
            else:
                session.conf.set(name, value)


def _is_heard(record: logging.LogRecord) -> bool:
    """Whether people hear of a record of the logger without a name, where py4j writes that nobody answers."""
    return "py4j" not in record.pathname
