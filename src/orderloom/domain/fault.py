"""An exception told without its message: what kind it is and where it came from. Messages may quote a person's data."""

from __future__ import annotations

from types import TracebackType

FRAMES_MAX = 30
CAUSES_MAX = 5


def kind_of(error: BaseException) -> str:
    """Class name of an error, with the SQLSTATE when a database gave one; its words only if they quote nothing.

    An error whose class says `quotes_nothing` is one of ours: its text names places and counts alone.
    """
    if getattr(error, "quotes_nothing", False):
        return f"{type(error).__name__}: {error}"
    state = getattr(error, "sqlstate", None)
    return f"{type(error).__name__} {state}" if isinstance(state, str) else type(error).__name__


def where(error: BaseException) -> str:
    """The way to an error and to its causes, `file:line function` innermost last; no message and no values."""
    told: list[str] = []
    known: BaseException | None = error
    for _ in range(CAUSES_MAX):
        if known is None:
            break
        told.append(f"{kind_of(known)}: {' > '.join(_frames(known.__traceback__)[-FRAMES_MAX:])}")
        known = known.__cause__ or (None if known.__suppress_context__ else known.__context__)
    return " | from ".join(told)


def told(error: BaseException) -> str:
    """One line for a case: what kind of error, and the last place on its way in our code."""
    places = [place for place in _frames(error.__traceback__) if not place.startswith("/")]
    return f"{kind_of(error)} ({places[-1]})" if places else kind_of(error)


def _frames(trace: TracebackType | None) -> list[str]:
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        place = code.co_filename.rpartition("/orderloom/")[2].rpartition("/site-packages/")[2]
        found.append(f"{place}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found
