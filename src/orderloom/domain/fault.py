"""An exception told without its message: what kind it is and where it came from. Messages may quote a person's data.

What can go wrong, as one tree. A code means one thing: it is what a program goes by, a text is for people.

    the hub says no, and nothing was changed
      Refusal             the route's no to a command, as a value: code and particulars (words: entrypoints/refusals.py)
      NotKept             what a person gave cannot be kept: code, and why in both languages
      NotEntered          a typed order is not taken in: why, field by field
      BadForm             a field of an account's form does not belong there
      NoAccount           no account has this code
      TakenAlready        a code, or what only one account may have, is another account's
      UnknownWord         a filter names what the hub does not know
      WrongCursor         a page's cursor is not one of this list
      Ambiguous           several orders have the id that was given
      Denied              who calls is not let in, or may not do this
      BadSetting          a setting of the installation cannot be used
      Unusable            a setting of single sign-on cannot be used
    what somebody wrote cannot be read
      BadBlueprint        a blueprint may not run: findings with file, line, place and mend
        BadFile             its YAML is not plain data
        BadExpression       a formula is not in the language
        BadCell             a cell of a decision table is not
      GuardFailed         a condition of it cannot be evaluated on this order
      NotStated           a formula of it needs an amount that the source does not state
      Wrong               a part of a mapping cannot be understood
      Unparsed            its text is no YAML
      NotRead             a cell of a table of goods cannot be read: its row is told with the mend
      Unfit               a value does not fit what the mapping makes of it: its message waits with the reason
      BadConnector        a connector.yaml cannot be used: mistakes with file, line, place and reason
        BrokenWords       a connector's words for carriers are not what they must be
      NoOutlet            an address is no printer's
      UnreadableKey       an account's private key is not of the form that its platform signs with
      CannotOpen          a platform's envelope is not sealed with these keys
      Unreadable          a message's body is not what its format says
      BadVoucher          what was read is no allocation voucher
      UnreadableGoods     a table of goods or stock as a whole cannot be used
      NoInterchange       bytes that are no EDI interchange as a whole
      NoOrder             an EDI message that is whole and holds no order
    an outside system did not do what was asked
      AgentRefused        the hub takes no call of this print agent
      Trouble             code, words, and its answer as evidence
        Transient           trying again may help
          PartlyRead        some lists of a source could be read, others not
        Terminal            trying again cannot help
      NotTheAnswer        a body is not the answer that was asked for: it is asked for in halves
        TooManyPages        a window has more pages than are read in a row
      ProviderAway        who vouches for people who sign in elsewhere cannot be reached, or does not say what it must
      NotVouched          it does not vouch for who came back
    the database or the disk
      Raced               somebody else changed what was read: decided again
      NotServed           stock is booked, who waits for it is served later
      NothingBooked       a table of stock says nothing new: what was made ready for it is undone
      NotPlanned          quotas that are not to be, or are there: no number of theirs is drawn
      NoWavePlanned       a wave that cannot be: no number is drawn, no work accepted
      NoLineBooked        lines of stock that are not booked: what was made ready for them is undone
      Stands              a box has its label or courier, or may have: nothing of a second request is kept
      BeingTold           what was decided of an application before is on its way: nothing of a second decision is kept
      Gone                a label or courier that is to be given back is not there: nothing of the request is kept
      PreviewStale        doing it would end otherwise than was looked at: nothing was done
      MovedOn             what a command is about changed since its caller looked: nothing was done
      Undone              what was only looked at ahead is over: nothing of it is kept
      Stopped             a look at the whole log is over: its job was cancelled, nobody waits for what it would find
      StoreAway           the database cannot be reached now
      StoreRefused        the database takes no such row
        TooLong             a read took more than the little time that it was given: what is asked for is to be narrowed
        NotMigrated         it lacks a table of this build
      NoRoom              nothing can be kept now
      DatabaseTrouble     the database cannot be used as it is: code and mend
    keys and evidence
      KeyMissing          a cipher text cannot be read with this keyring
        Damaged             its bytes were changed, or another keyring wrote it
      KeyTrouble          the signing key cannot be used
      NotOfLan            no authority of a local network may speak for this address
      Unpackable          what was opened is no packed voucher
      NotOurs             the log was sealed with another key, or its counter went back
      BadLine             a line of the checkpoint file is none
    how an entrypoint ends what it was asked
      Problem             over HTTP: RFC 9457, by code (kit/problem.py)
      Stop                on the command line: exit code and both languages
        Known               the ledger has a line with this cause already
      NeverCame           in the rehearsal: what was waited for did not come true
      NotFresh            in the rehearsal: the hub has orders of before, so that a run cannot be reckoned up
"""

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
