-- Forgetting people: what of an order names them, and emptying it.

-- name: order - locked, with how many deliveries of it wait
select o.number, o.event_count, o.is_erased, o.receiver_cipher, (
    select count(*) from delivery d where d.order_id = o.id and d.state in ('due', 'parked'))
from orders o where o.id = %(id)s::uuid for update;

-- name: events
select seq, facts from order_event where order_id = %(id)s::uuid order by seq;

-- name: vouchers - messages of the order, and those that they came in; of one that was emptied already, its own
with recursive own as (
    select i.message_id as id from intake i where i.order_id = %(id)s::uuid
    union select e.message_id from order_event e where e.order_id = %(id)s::uuid and e.message_id is not null
    union select m.parent_id from own join message m on m.id = own.id where m.parent_id is not null
)
select id::text from own order by id;

-- name: forget_plan
delete from erasure_text where order_id = %(id)s::uuid;

-- name: keep_plan
insert into erasure_text (order_id, seq, facts)
select %(id)s::uuid, seq, facts from unnest(%(seq)s::integer[], %(facts)s::text[]) as t (seq, facts);

-- name: cases - of the order, of its messages, and groups that it was in
select c.id::text, c.evidence::text from case_file c
where c.order_id = %(id)s::uuid or c.subject = any (%(vouchers)s)
    or c.id in (select m.case_id from case_member m where m.order_id = %(id)s::uuid or m.subject = any (%(vouchers)s))
order by c.id for update;

-- name: put_cases
update case_file c set evidence = d.new::jsonb from unnest(%(id)s::uuid[], %(new)s::text[]) as d (id, new)
where c.id = d.id;

-- name: notices
select id::text, told::text from notice where order_id = %(id)s::uuid order by id for update;

-- name: put_notices
update notice n set told = d.new::jsonb from unnest(%(id)s::uuid[], %(new)s::text[]) as d (id, new) where n.id = d.id;

-- name: scans
select occurred_at, code, location, text, parcel_no from parcel_event where order_id = %(id)s::uuid;

-- name: put_scan
update parcel_event set text = %(text)s
where order_id = %(id)s::uuid and parcel_no = %(parcel)s and occurred_at = %(at)s and code = %(code)s
    and location = %(location)s;

-- name: intake_details
select message_id::text, detail from intake
where (order_id = %(id)s::uuid or message_id = any (%(vouchers)s::uuid[])) and detail <> '';

-- name: put_intake_detail
update intake set detail = %(detail)s where message_id = %(message)s::uuid;

-- name: jobs - what was asked for by the person's number or name
select id::text, asked::text from job where kind = 'export_orders';

-- name: put_job
update job set asked = %(asked)s::jsonb where id = %(id)s::uuid;

-- name: put_hold
update hold set reason = %(reason)s, released_by = nullif(%(released_by)s, '')
where subject_id = %(id)s::uuid and hold_no = %(no)s;

-- name: put_after_sale
update after_sale set reason = %(reason)s where order_id = %(id)s::uuid and after_sale_no = %(no)s;

-- name: rewrite - the facts without the person, which their digests in the log prove
update order_event e set facts = t.facts from erasure_text t
where e.order_id = %(id)s::uuid and t.order_id = e.order_id and t.seq = e.seq;

-- name: blank_order
update orders set note = '', buyer_index = null, facts = %(facts)s::jsonb where id = %(id)s::uuid;

-- name: forget_gifts - what the buyer had once
delete from gift_once where order_id = %(id)s::uuid;

-- name: blank_vouchers - one that holds others, too, is emptied whole: they stand in messages of their own
update message set body_cipher = '', erased_for = %(id)s::uuid
where id = any (%(vouchers)s::uuid[]) and erased_for is null;

-- name: blank_corrections
update correction set value_cipher = '' where message_id = any (%(vouchers)s::uuid[]) and length(value_cipher) > 0;

-- name: blank_samples - what a mapping is made with is a message of the shop: the next one will do as well
delete from preparation p using orders o
where o.id = %(id)s::uuid and p.kind = 'sample' and p.account_id = o.account_id;

-- name: blank_labels
update label set print_cipher = '' where order_id = %(id)s::uuid and length(print_cipher) > 0;

-- name: blank_notes
update order_note set body = '' where order_id = %(id)s::uuid and body <> '';

-- name: blank_fields
delete from order_field where order_id = %(id)s::uuid;

-- name: blank_deliveries - as a delivery whose text is forgotten for its age
update delivery d
set body_digest = coalesce(body_digest, sha256(convert_to(d.body, 'UTF8'))), pruned_at = coalesce(pruned_at, %(at)s),
    answer = '', last_error = '', body = case when position('\u0000' in d.body) > 0 then '{}' else (
        select coalesce(jsonb_object_agg(part.key, part.value), '{}')::text
        from jsonb_each(d.body::jsonb) part where part.key = any (%(kept)s)) end
where d.order_id = %(id)s::uuid and d.state in ('done', 'cancelled', 'given_up');

-- name: exports
update job set file_until = null, file_name = '', file_bytes = 0
where kind = 'export_orders' and file_until is not null returning id::text;

-- name: begun
insert into erasure (id, by_actor, reason, at, orders)
values (%(erasure)s::uuid, %(by)s, %(reason)s, %(at)s, %(orders)s)
on conflict do nothing;

-- name: counted
update erasure set done = done + %(done)s, refused = refused + %(refused)s, vouchers = vouchers + %(vouchers)s,
    labels = labels + %(labels)s, notes = notes + %(notes)s, deliveries = deliveries + %(deliveries)s,
    texts = texts + %(texts)s
where id = %(erasure)s::uuid;

-- name: ended
update erasure set ended_at = %(at)s where id = %(erasure)s::uuid;

-- name: arrived - what came of erased orders since, with what it came in, and is done with
with recursive own as (
    select i.message_id as id, o.id as order_id from orders o join intake i on i.order_id = o.id where o.is_erased
    union select m.parent_id, own.order_id from own join message m on m.id = own.id where m.parent_id is not null
)
update message m set body_cipher = '', erased_for = own.order_id
from own join intake i on i.message_id = own.id
where m.id = own.id and m.erased_for is null and i.outcome <> 'pending';
