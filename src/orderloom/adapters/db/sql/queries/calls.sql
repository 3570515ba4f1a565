-- name: done_before - the call of somebody that had this key
select digest, coalesce(order_id::text, '') from call_key where key = %(key)s and by_actor = %(by)s;

-- name: remember - keep the key of a call that was done
insert into call_key (key, by_actor, digest, order_id, at)
values (%(key)s, %(by)s, %(digest)s, %(order_id)s, %(at)s);

-- name: forget - keys older than this; nobody repeats a call after days
delete from call_key where at < %(before)s;

-- name: facts_since - one fact of an order behind a place, of these kinds or (none named) of any
select 1 from order_event
where order_id = %(order_id)s and seq >= %(from)s and (%(kinds)s::text[] = '{}' or kind = any (%(kinds)s))
limit 1;
