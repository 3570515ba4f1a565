-- What is due is read per target in the order in which it was queued; the old index led past that order.
drop index delivery_due;
create index delivery_due on delivery (account_id, position) where state = 'due';
