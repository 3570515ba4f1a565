-- Bigrams as numbers take half the room of texts. Orders whose pairs are null have them in grams, as before, until the
-- worker has brought them up. Deliveries of one page are taken all at once: room for one of them served nothing.
alter table order_search add column pairs integer[];
create index order_search_pairs on order_search using gin (pairs);
drop index order_search_old;
create index order_search_old on order_search (order_id) where pairs is null;
alter table delivery reset (fillfactor);
