-- A quarantined message that an administrator let in, with the reason: it goes through the route as any other.
alter table message_event drop constraint message_event_kind_check;
alter table message_event add constraint message_event_kind_check
    check (kind in ('discarded', 'brought_back', 'let_in'));
