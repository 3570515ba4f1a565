-- Gifts that a buyer gets once: which order brought it. The buyer is a blind index; the row means something only while
-- that order's line of the gift stands.
create table gift_once (
    buyer bytea not null,
    gift text not null,
    order_id uuid not null,
    given_at timestamptz not null,
    primary key (buyer, gift)
);
create index gift_once_order on gift_once (order_id);
