"""Sessions of Spark: that of the frames, the one that is there, or one that is started for a check and stopped after it."""

import os
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

import polars as pl
from pyspark import SparkContext
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from perfrules.databases.faults import unstarted
from perfrules.databases.spark import FAULTS, Spark

_SETTINGS: dict[str, bool | float | int | str | None] = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
_CHATTER = ("WARNING", "Using Spark", "Setting default", "To adjust")


@contextmanager
def asked(data: Mapping[str, Any] | None = None, shown: str = "Spark") -> Iterator[Spark]:
    """A session to ask, which sees ``data`` as tables: frames of Spark, whose session it is then, other frames, or Parquet files.

    Raises:
        DataError: None can be started, or a file cannot be read.
    """
    tables = data or {}
    native = next((one for one in tables.values() if hasattr(one, "sparkSession")), None)
    with nullcontext(native.sparkSession) if native is not None else _running() as session:
        spark = Spark(session, shown)
        try:
            for title, one in tables.items():
                _show(spark, title, one)
            yield spark
        finally:
            spark.close()


def _show(spark: Spark, title: str, one: Any) -> None:
    if isinstance(one, Path):
        spark.read(title, one)
    else:
        spark.show(title, spark.made(one) if isinstance(one, pl.DataFrame) else one)


@contextmanager
def _running() -> Iterator[Any]:
    """The session that is there, which is left running, or one that is started and stopped.

    What the machine of Java writes goes to a file that nobody keeps; its first line tells why it does not start.
    """
    there = SparkSession.getActiveSession()
    if there is not None or SparkContext._active_spark_context is not None:  # nothing else tells
        yield there or SparkSession.builder.getOrCreate()
        return
    with _aside() as said:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of settings that a server keeps for itself
                session = SparkSession.builder.config(map=_SETTINGS).getOrCreate()
        except (*FAULTS, ImportError) as fault:
            raise unstarted(_why(fault, said.read_text("utf-8", errors="replace"))) from fault
    try:
        yield session
    finally:
        with suppress(*FAULTS):
            session.stop()


def _why(fault: Exception, said: str) -> str:
    """What stood in the way: the first thing that was said but for warnings."""
    lines = (line for line in said.splitlines() if line.strip())
    first = next((line for line in lines if not line.startswith(_CHATTER)), None)
    return first if first and isinstance(fault, PySparkException) else str(fault)


@contextmanager
def _aside() -> Iterator[Path]:
    """Let programs that are started meanwhile write what they say of themselves to a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "said")
        before = os.dup(2)
        try:
            with path.open("wb") as file:
                os.dup2(file.fileno(), 2)
            yield path
        finally:
            os.dup2(before, 2)
            os.close(before)
