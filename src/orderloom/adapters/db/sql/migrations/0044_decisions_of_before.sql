-- A decision of which the channel has told something newer since.
alter table after_sale drop constraint after_sale_decision_state_check;
alter table after_sale add constraint after_sale_decision_state_check
    check (decision_state in ('', 'to_tell', 'told', 'refused', 'given_up', 'past'));
