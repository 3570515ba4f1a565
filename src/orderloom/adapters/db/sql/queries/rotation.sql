-- name: counts - rows that are not under this key yet (a cipher text's first byte names its key)
select 'message', count(*) from message where get_byte(body_cipher, 0) <> %(key)s and length(body_cipher) > 0
union all select 'orders', count(*) from orders where get_byte(receiver_cipher, 0) <> %(key)s
    and length(receiver_cipher) > 0
union all select 'account', count(*) from account where get_byte(credentials_cipher, 0) <> %(key)s
    and length(credentials_cipher) > 0;

-- name: take_message - a page of rows by id
select id::text, body_cipher from message where id > %(after)s::uuid order by id limit %(limit)s;

-- name: take_orders
select id::text, receiver_cipher from orders where id > %(after)s::uuid order by id limit %(limit)s;

-- name: take_account
select id::text, credentials_cipher from account order by id for update;

-- name: put_message - only where nobody has written in between
update message m set body_cipher = d.new from unnest(%(id)s::uuid[], %(old)s::bytea[], %(new)s::bytea[])
    as d (id, old, new) where m.id = d.id and m.body_cipher = d.old;

-- name: put_orders
update orders o set receiver_cipher = d.new from unnest(%(id)s::uuid[], %(old)s::bytea[], %(new)s::bytea[])
    as d (id, old, new) where o.id = d.id and o.receiver_cipher = d.old;

-- name: put_account
update account a set credentials_cipher = d.new from unnest(%(id)s::smallint[], %(old)s::bytea[], %(new)s::bytea[])
    as d (id, old, new) where a.id = d.id and a.credentials_cipher = d.old;
