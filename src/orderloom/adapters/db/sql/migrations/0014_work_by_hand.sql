-- The list of works that people do by hand, oldest order first, whatever the number of stored works.
create index work_by_hand on work (order_id, work_seq) where account_id is null and state not in ('handed_over', 'cancelled');
