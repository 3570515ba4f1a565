-- What buyers ask for after the sale, as channels list it: one row an application, below its order.
create table after_sale (
    order_id uuid not null,
    after_sale_no smallint not null,
    external_id text not null,
    kind text not null check (kind in ('refund_only', 'return_refund', 'exchange', 'reship', 'repair', 'cancel')),
    state text not null check (state in ('asked', 'agreed', 'returning', 'received', 'refused', 'withdrawn', 'refunded',
        'done')),
    revision timestamptz not null,
    currency text not null,
    amount bigint,
    refunded bigint not null,
    refund_external_id text not null,
    reason text not null,
    native text not null,
    asked_at timestamptz,
    waybill text not null,
    carrier text not null,
    lines jsonb not null,
    message_id uuid,
    primary key (order_id, after_sale_no),
    unique (order_id, external_id)
);
