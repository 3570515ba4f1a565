-- Whoever waits for goods is found at once when they come, whatever else is known of the order: held, or partly out.

create index orders_short on orders (id) where is_short and not is_cancelled;
