"""Where verbs read and write: each port by the noun that it is about, each opening one transaction of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Any

from orderloom.adapters.db.accounts import AccountStore
from orderloom.adapters.db.authorisations import Authorisations, TokenBook
from orderloom.adapters.db.backups import Backups
from orderloom.adapters.db.blueprints import Blueprints
from orderloom.adapters.db.case_history import CaseHistory
from orderloom.adapters.db.cases import CaseDesk
from orderloom.adapters.db.catalogue import Catalogue
from orderloom.adapters.db.correcting import Corrections
from orderloom.adapters.db.devices import Devices
from orderloom.adapters.db.directory import Shelf
from orderloom.adapters.db.discarding import Messages
from orderloom.adapters.db.entering import Entering
from orderloom.adapters.db.erasing import Erasures
from orderloom.adapters.db.figures import CasesDue, FigureBook
from orderloom.adapters.db.identity import IdentityStore
from orderloom.adapters.db.importing import Importing
from orderloom.adapters.db.jobs import Jobs
from orderloom.adapters.db.labels import Labels
from orderloom.adapters.db.limit import Openings
from orderloom.adapters.db.listings import Listings
from orderloom.adapters.db.load import SEE_ORDERS, load_orders
from orderloom.adapters.db.mapping_store import MappingStore
from orderloom.adapters.db.notes import OrderNotes
from orderloom.adapters.db.notices import Notices
from orderloom.adapters.db.order_desk import OrderDesk
from orderloom.adapters.db.outbox import Outbox
from orderloom.adapters.db.preparations import Preparations
from orderloom.adapters.db.printing import Printing
from orderloom.adapters.db.publishing import Publisher
from orderloom.adapters.db.pull_book import PullBook
from orderloom.adapters.db.reading_back import KnowledgeBook
from orderloom.adapters.db.refold import refold_all
from orderloom.adapters.db.replaying import Replaying
from orderloom.adapters.db.rereading import OwedReadings
from orderloom.adapters.db.revision import state
from orderloom.adapters.db.rotation import Rotation
from orderloom.adapters.db.search import BringUp
from orderloom.adapters.db.second_factor import SecondFactorStore
from orderloom.adapters.db.stops import StopBook
from orderloom.adapters.db.unit_of_work import work_on
from orderloom.adapters.db.watching import LookDue, StockWatch
from orderloom.adapters.ids import new_id
from orderloom.adapters.manifests import manifests
from orderloom.adapters.one_time_codes import OneTimeCodes
from orderloom.adapters.passwords import Passwords
from orderloom.adapters.vault import Vault
from orderloom.application.directory import Directory
from orderloom.application.find_leaks import Leak
from orderloom.application.identity.access import Access, Caller
from orderloom.application.identity.limits import rows_of
from orderloom.application.identity.roles import Roles
from orderloom.application.identity.second_factor import SecondFactors
from orderloom.application.identity.sight import Sight
from orderloom.application.mends.mend_many import CaseToMend
from orderloom.application.ports import Progress
from orderloom.application.queries.cases import read_cases
from orderloom.application.queries.mend_evidence import spelling_of
from orderloom.application.queries.messages import messages_of, standing
from orderloom.application.queries.orders import find_orders, stored_receiver
from orderloom.application.queries.sql import Connection
from orderloom.application.queries.stock_leaks import leaks_of, leaks_told
from orderloom.application.queries.suggestions import needs
from orderloom.application.queries.tables import table_rows
from orderloom.application.refold import Refolded
from orderloom.application.replay_many import MessageStands
from orderloom.application.tables.export_table import ExportTable
from orderloom.bootstrap.seen import as_seen
from orderloom.domain.inventory.replenish import Replenishing
from orderloom.domain.order import Order


class Ports:
    """The ports of one process, as long as it may wait. A verb takes the one that it names: `verb(ports.cases, …)`."""

    def __init__(
        self, openings: Openings, shelf: Shelf, vault: Vault, now: Callable[[], datetime],
        queued: Callable[[], None] | None = None, second_factor_roles: frozenset[str] = frozenset(),
    ) -> None:
        """`queued` is called after what may have left something to do for a worker. `second_factor_roles`: they may do
        nothing before they have set one up."""
        self._openings, self._shelf = openings, shelf
        self.subjects = work_on(openings.pool, shelf, vault, queued)
        """Transactions about stock and what has a log of its own; they lose races (Raced) as the orders' do."""
        self.accounts = openings.within(lambda one: AccountStore(one, vault, now()), queued)
        self.mappings = openings.within(lambda one: MappingStore(one, now()), queued)
        self.preparations = openings.within(lambda one: Preparations(one, vault, now()))
        self.authorisations = openings.within(lambda one: Authorisations(one, shelf))
        self.token_states = openings.on(TokenBook)
        self.blueprints = openings.within(Blueprints)
        self.backups = openings.within(Backups)
        self.cases = openings.within(CaseHistory)
        self.catalogue = openings.within(lambda one: Catalogue(one, shelf), queued)
        self.messages = openings.within(Messages, queued)
        self.corrections = openings.within(lambda one: Corrections(one, vault), queued)
        self.entries = openings.within(lambda one: Entering(one, shelf), queued)
        self.imports = openings.within(Importing)
        self.replays = openings.within(Replaying, queued)
        self.order_desk = openings.within(OrderDesk)
        self.erasing = openings.within(lambda one: Erasures(one, vault))
        self.jobs = openings.within(Jobs, queued)
        self.desk = openings.within(lambda one: CaseDesk(one, shelf))
        self.listings = openings.within(lambda one: Listings(one, shelf))
        self.labels = self.refused = openings.within(Labels)
        self.printing = openings.within(Printing)
        self.devices = openings.within(lambda one: Devices(one, vault))
        self.stops = openings.within(lambda one: StopBook(one, shelf), queued)
        self.notes = openings.within(OrderNotes)
        self.notices = openings.within(lambda one: Notices(one, shelf, vault), queued)
        self.outbox = openings.within(lambda one: Outbox(one, vault), queued)
        self.leasing = openings.within(lambda one: Outbox(one, vault))
        self.targets = openings.on(lambda one: Outbox(one, vault))
        self.pulls = openings.on(PullBook)
        self.rereads = openings.on(OwedReadings)
        self.known = openings.on(KnowledgeBook)
        past = BringUp()
        self.publisher = openings.on(lambda one: Publisher(one, shelf, past))
        due = CasesDue()
        looks, known = LookDue(), manifests()
        self.stock_watch = openings.on(lambda one: StockWatch(one, shelf, known, looks))
        self.figures = openings.on(lambda one: FigureBook(one, shelf.zone, due))
        self.sealed = openings.on(lambda one: Rotation(one, vault))
        self.identity = IdentityStore(openings.connect)
        second = SecondFactors(SecondFactorStore(openings.connect), OneTimeCodes(), vault, now)
        self.access = Access(
            self.identity, Passwords(), second, second_factor_roles, now, new_id, self.roles)

    def reading(self, seconds: float = 0.0) -> AbstractAsyncContextManager[Connection]:
        """What queries read from; `seconds` instead of the process's own limit. Of rows there are those alone that
        whoever is being answered sees. Raises StoreAway, StoreRefused."""
        return as_seen(self._openings.connect(seconds))

    def reading_all(self, seconds: float = 0.0) -> AbstractAsyncContextManager[Connection]:
        """The same, of all rows whoever asks: for what is read once for all, and not shown to who is limited."""
        return self._openings.connect(seconds)

    def reading_briefly(self, seconds: float) -> AbstractAsyncContextManager[Connection]:
        """The same, with so long for each statement. Raises TooLong."""
        return as_seen(self._openings.briefly(seconds))

    async def directory(self, seconds: float = 0.0) -> Directory:
        """The directory as of now."""
        async with self._openings.connect(seconds) as connection:
            return await self._shelf.get(connection)

    async def sight(self, caller: Caller) -> Sight:
        """What somebody may see."""
        if not caller.limits and not caller.needs_limits:
            return Sight(caller.hides)
        return Sight(caller.hides, rows_of(caller.limits, caller.needs_limits, await self.directory()))

    async def roles(self) -> Roles:
        """The roles of the blueprint in force."""
        return (await self.directory()).roles

    async def stored_receiver(self, order_id: str) -> tuple[bytes, bytes | None] | None:
        """The sealed receiver of an order and the index of its buyer."""
        async with self._openings.connect() as connection:
            return await stored_receiver(connection, order_id)

    async def order(self, order_id: str) -> Order | None:
        """An order as the domain knows it, not locked."""
        found = await self.orders([order_id])
        return found[0] if found else None

    async def table_rows(self, asked: ExportTable, after: str, limit: int) -> Sequence[Sequence[Any]]:
        """Rows of goods or stock after a key, to be exported."""
        async with self.reading() as connection:
            return await table_rows(connection, asked, after, limit)

    async def leaks(self) -> tuple[list[Leak], list[str]]:
        """What stock is bound for nobody, and what cases are open about it."""
        async with self.reading() as connection:
            return await leaks_of(connection), await leaks_told(connection)

    async def needs(self, at: datetime) -> list[Replenishing]:
        """What is to be bought, of all SKUs that whoever is being answered sees."""
        directory = await self.directory()
        blueprint = directory.blueprints.get(directory.blueprint_active)
        if blueprint is None:
            return []
        async with self.reading() as connection:
            return [need async for need in needs(connection, blueprint.purchasing.rule, at)]

    async def orders(self, ids: Sequence[str]) -> list[Order]:
        """Orders as the domain knows them, not locked, those that are there for whoever is being answered."""
        async with self.reading() as connection:
            seen = list((await find_orders(connection, ids)).values())
        async with self._openings.connect() as connection:
            return await load_orders(connection, seen, SEE_ORDERS)

    async def standing(self, ids: Sequence[str]) -> dict[str, MessageStands]:
        """How messages stand, those that whoever is being answered sees."""
        async with self.reading() as connection:
            return await standing(connection, ids)

    async def cases_to_mend(self, ids: Sequence[str]) -> dict[str, CaseToMend]:
        """Cases by id, those that whoever is being answered sees."""
        async with self.reading() as connection:
            return {case.id: CaseToMend(case.id, case.kind, case.subject, case.account or "", spelling_of(case))
                    for case in await read_cases(connection, ids)}

    async def messages_of(self, orders: Sequence[str]) -> dict[str, list[str]]:
        """By order the messages that it was made of, the oldest first, those that whoever is being answered sees."""
        async with self.reading() as connection:
            return await messages_of(connection, orders)

    async def refold_all(self, progress: Progress) -> Refolded:
        """Fold every order anew from its events, and compare."""
        async with self._openings.connect() as connection:
            return await refold_all(connection, progress)

    async def schema_state(self, seconds: float) -> str:
        """`up`, `old` (not migrated to this build) or `new` (by a later build). Raises StoreAway."""
        async with self._openings.connect(seconds) as connection:
            return await state(connection)
