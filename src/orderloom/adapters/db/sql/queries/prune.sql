-- name: begin
insert into chore (name, place, began_at) values ('prune', '00000000-0000-0000-0000-000000000000', %(at)s)
on conflict (name) do nothing;

-- name: place - how far it came and since when; locked, so that one worker does it at a time
select place, began_at from chore where name = 'prune' for update skip locked;

-- name: step - the next deliveries in the order in which they were queued; of those that ended only what names them is
-- kept. Returns how far it looked (where the next step begins) and how many it pruned. Nothing commits late so far back.
-- A text with a sign that no jsonb can hold is left as it is: it is not to stop all that come after it.
with step as (
    select id from delivery where id between %(from)s::uuid and %(before)s::uuid order by id limit %(limit)s
), pruned as (
    update delivery d
    set body_digest = sha256(convert_to(d.body, 'UTF8')), pruned_at = %(at)s, body = (
        select coalesce(jsonb_object_agg(part.key, part.value), '{}')::text
        from jsonb_each(d.body::jsonb) part where part.key = any (%(kept)s))
    from step s
    where d.id = s.id and d.state in ('done', 'cancelled', 'given_up') and d.done_at < %(ended_before)s
        and d.pruned_at is null and position('\u0000' in d.body) = 0
    returning d.id
)
select (select max(id::text) from step), (select count(*) from pruned);

-- name: labels - what prints a label names the receiver: it is forgotten with the text of what was sent, the waybill stays
update label set print_cipher = '' where number in (
    select number from label where length(print_cipher) > 0 and answered_at < %(ended_before)s order by answered_at
    limit %(limit)s);

-- name: move
update chore set place = %(place)s, began_at = coalesce(%(began_at)s, began_at) where name = 'prune';
