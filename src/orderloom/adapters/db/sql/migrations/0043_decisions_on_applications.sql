-- What the seller answers to an application after the sale, and how far its channel has heard of it.
alter table after_sale add column decision text not null default '' check (decision in ('', 'granted', 'declined'));
alter table after_sale add column decision_amount bigint;
alter table after_sale add column decision_state text not null default ''
    check (decision_state in ('', 'to_tell', 'told', 'refused', 'given_up'));
