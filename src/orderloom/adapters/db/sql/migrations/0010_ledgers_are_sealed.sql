-- Who saw clear values, and money: never changed or deleted. Checkpoints cover the ledgers from now on, as they do events.
alter table unmasking add column xid xid8 not null default pg_current_xact_id();
create index unmasking_xid on unmasking (xid);
alter table audit_checkpoint add column ledgers text not null default '';

create trigger unmasking_is_append_only before update or delete or truncate on unmasking
    for each statement execute function refuse_change();
-- By row: an upsert that meets nothing fires a statement's trigger too.
create trigger money_entry_is_append_only before update or delete on money_entry
    for each row execute function refuse_change();
create trigger money_entry_is_never_emptied before truncate on money_entry
    for each statement execute function refuse_change();
