-- Couriers that were booked are called off, and then the box may have another one. A booking knows the label that it was
-- made for, by what its request said; at SF Express and JD Logistics it was made as a part of the label's order.
alter table pickup drop constraint pickup_state_check;
alter table pickup add constraint pickup_state_check check (
    state in ('asked', 'booked', 'in_doubt', 'refused', 'given_up', 'cancelling', 'cancelled'));
alter table pickup add column reference text not null default '';
alter table pickup add column label_no text not null default '';
alter table pickup add column is_of_label boolean not null default false;
alter table pickup add column is_unwanted boolean not null default false;
update pickup p set label_no = coalesce(d.body::jsonb ->> 'label_no', '')
from delivery d
where d.order_id = p.order_id and d.kind = 'pickup' and d.pruned_at is null and d.body::jsonb ->> 'pickup_no' = p.number;
update pickup p set is_of_label = true
from account a
where a.id = p.account_id and a.connector in ('sf_express', 'jd_logistics') and p.label_no <> '';
create index pickup_label on pickup (label_no) where label_no <> '';
create index pickup_unwanted on pickup (account_id) where is_unwanted and state = 'booked';
