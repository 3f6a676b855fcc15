"""Which language the environment asks for."""

import sys
from collections.abc import Mapping

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def spoken(environment: Mapping[str, str]) -> str:
    """The language of the locale: ``zh``, or else ``en``."""
    return "zh" if _locale(environment).lower().startswith(("zh", "chinese")) else "en"


def _locale(environment: Mapping[str, str]) -> str:
    """As gettext asks: the locale, over which LANGUAGE goes unless the locale is that of the C library."""
    name = next((environment[key] for key in _VARIABLES if environment.get(key)), "")
    if name.partition(".")[0] not in ("C", "POSIX") and environment.get("LANGUAGE"):
        return environment["LANGUAGE"]
    return name or _system_language()


def _system_language() -> str:
    """The display language of Windows, which sets no variables; elsewhere nothing."""
    if sys.platform != "win32":
        return ""
    import ctypes  # noqa: PLC0415  # not needed elsewhere
    import locale  # noqa: PLC0415  # likewise

    return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
