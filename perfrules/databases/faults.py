"""What goes wrong with a database, in words; a password is never among them."""

from perfrules.errors import DataError, Diagnostic
from perfrules.locale import Message, message


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0]


def refused(shown: str, fault: str) -> DataError:
    """A database cannot be opened."""
    text = message("{database} cannot be opened: {fault}", database=shown, fault=_first_line(fault))
    hint = message(
        "check the address, the name of the user and the password, and that the server is up"
    )
    return DataError([Diagnostic("PR450", text, hint=hint)])


def stopped(shown: str, fault: str | Message) -> DataError:
    """A database does not answer a question."""
    why = _first_line(fault) if isinstance(fault, str) else fault
    text = message("{database} stopped answering: {fault}", database=shown, fault=why)
    hint = message("nothing was written; see what the database says, then check again")
    return DataError([Diagnostic("PR451", text, hint=hint)])


def unwritten(shown: str, fault: str) -> DataError:
    """Results cannot be written to a database."""
    text = message(
        "results were not written to {database}: {fault}", database=shown, fault=_first_line(fault)
    )
    hint = message(
        "nothing of them is there; name a table that is not there yet, or one that perfrules made"
    )
    return DataError([Diagnostic("PR454", text, hint=hint)])


def unstarted(fault: str) -> DataError:
    """No session of Spark can be started."""
    text = message("Spark cannot be started: {fault}", fault=_first_line(fault))
    hint = message("Spark needs Java 17 or newer: install it, or let JAVA_HOME name its folder")
    return DataError([Diagnostic("PR456", text, hint=hint)])
