-- What people did to cases and parked messages is covered by checkpoints from now on, as the ledgers are.
alter table case_event add column xid xid8 not null default pg_current_xact_id();
create index case_event_xid on case_event (xid);
alter table message_event add column xid xid8 not null default pg_current_xact_id();
create index message_event_xid on message_event (xid);
