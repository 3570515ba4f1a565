-- Product words stand once in search_term, and orders name them by number. Orders whose words are null have all of their
-- document in grams, as before: they are found that way until the worker has brought them up, a few at a time.
create table search_term (
    id integer generated always as identity primary key,
    term text not null unique,
    grams text[] not null
);
create index search_term_grams on search_term using gin (grams);
alter table order_search add column words integer[];
create index order_search_words on order_search using gin (words);
create index order_search_old on order_search (order_id) where words is null;
