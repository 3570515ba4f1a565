-- name: counts - rows that are not under this key yet (a cipher text's first byte names its key)
select 'message', count(*) from message where length(body_cipher) > 0 and get_byte(body_cipher, 0) <> %(key)s
union all select 'orders', count(*) from orders where get_byte(receiver_cipher, 0) <> %(key)s
    and length(receiver_cipher) > 0
union all select 'account', count(*) from account where get_byte(credentials_cipher, 0) <> %(key)s
    and length(credentials_cipher) > 0
union all select 'label', count(*) from label where length(print_cipher) > 0 and get_byte(print_cipher, 0) <> %(key)s
union all select 'account_token', count(*) from account_token
    where length(tokens_cipher) > 0 and get_byte(tokens_cipher, 0) <> %(key)s
union all select 'recipient_address', count(*) from recipient_address where get_byte(address_cipher, 0) <> %(key)s
union all select 'second_factor', count(*) from second_factor where get_byte(secret_cipher, 0) <> %(key)s
union all select 'preparation', count(*) from preparation
    where length(sealed_cipher) > 0 and get_byte(sealed_cipher, 0) <> %(key)s
union all select 'correction', count(*) from correction where length(value_cipher) > 0 and get_byte(value_cipher, 0) <> %(key)s;

-- name: used - rows under this very key
select 'message', count(*) from message where length(body_cipher) > 0 and get_byte(body_cipher, 0) = %(key)s
union all select 'orders', count(*) from orders
    where length(receiver_cipher) > 0 and get_byte(receiver_cipher, 0) = %(key)s
union all select 'account', count(*) from account
    where length(credentials_cipher) > 0 and get_byte(credentials_cipher, 0) = %(key)s
union all select 'label', count(*) from label where length(print_cipher) > 0 and get_byte(print_cipher, 0) = %(key)s
union all select 'account_token', count(*) from account_token
    where length(tokens_cipher) > 0 and get_byte(tokens_cipher, 0) = %(key)s
union all select 'recipient_address', count(*) from recipient_address where get_byte(address_cipher, 0) = %(key)s
union all select 'second_factor', count(*) from second_factor where get_byte(secret_cipher, 0) = %(key)s
union all select 'preparation', count(*) from preparation
    where length(sealed_cipher) > 0 and get_byte(sealed_cipher, 0) = %(key)s
union all select 'correction', count(*) from correction where length(value_cipher) > 0 and get_byte(value_cipher, 0) = %(key)s;

-- name: ids_message - rows that are not under this key
select id::text from message where length(body_cipher) > 0 and get_byte(body_cipher, 0) <> %(key)s;

-- name: ids_orders
select id::text from orders where get_byte(receiver_cipher, 0) <> %(key)s and length(receiver_cipher) > 0;

-- name: ids_account
select id::text from account where get_byte(credentials_cipher, 0) <> %(key)s and length(credentials_cipher) > 0;

-- name: ids_recipient_address
select id::text from recipient_address where get_byte(address_cipher, 0) <> %(key)s;

-- name: used_message - rows under this very key
select id::text from message where length(body_cipher) > 0 and get_byte(body_cipher, 0) = %(key)s;

-- name: used_orders
select id::text from orders where length(receiver_cipher) > 0 and get_byte(receiver_cipher, 0) = %(key)s;

-- name: used_account
select id::text from account where length(credentials_cipher) > 0 and get_byte(credentials_cipher, 0) = %(key)s;

-- name: used_recipient_address
select id::text from recipient_address where get_byte(address_cipher, 0) = %(key)s;

-- name: take_message - some of them, held still
select id::text, body_cipher from message where id = any (%(ids)s::uuid[]) order by id for update;

-- name: take_orders
select id::text, receiver_cipher from orders where id = any (%(ids)s::uuid[]) order by id for update;

-- name: take_account
select id::text, credentials_cipher from account where id = any (%(ids)s::smallint[]) order by id for update;

-- name: take_recipient_address
select id::text, address_cipher from recipient_address where id = any (%(ids)s::uuid[]) order by id for update;

-- name: put_message
update message m set body_cipher = d.new from unnest(%(id)s::uuid[], %(new)s::bytea[]) as d (id, new)
where m.id = d.id;

-- name: put_orders
update orders o set receiver_cipher = d.new from unnest(%(id)s::uuid[], %(new)s::bytea[]) as d (id, new)
where o.id = d.id;

-- name: put_account
update account a set credentials_cipher = d.new from unnest(%(id)s::smallint[], %(new)s::bytea[]) as d (id, new)
where a.id = d.id;

-- name: ids_label
select number from label where length(print_cipher) > 0 and get_byte(print_cipher, 0) <> %(key)s;

-- name: used_label
select number from label where length(print_cipher) > 0 and get_byte(print_cipher, 0) = %(key)s;

-- name: take_label
select number, print_cipher from label where number = any (%(ids)s) order by number for update;

-- name: put_label
update label l set print_cipher = d.new from unnest(%(id)s::text[], %(new)s::bytea[]) as d (id, new)
where l.number = d.id;

-- name: ids_account_token - rows that are not under this key
select account_id::text from account_token where length(tokens_cipher) > 0 and get_byte(tokens_cipher, 0) <> %(key)s;

-- name: used_account_token - rows under this very key
select account_id::text from account_token where length(tokens_cipher) > 0 and get_byte(tokens_cipher, 0) = %(key)s;

-- name: take_account_token
select account_id::text, tokens_cipher from account_token where account_id = any (%(ids)s::smallint[])
order by account_id for update;

-- name: put_account_token
update account_token a set tokens_cipher = d.new from unnest(%(id)s::smallint[], %(new)s::bytea[]) as d (id, new)
where a.account_id = d.id;

-- name: put_recipient_address
update recipient_address a set address_cipher = d.new from unnest(%(id)s::uuid[], %(new)s::bytea[]) as d (id, new)
where a.id = d.id;

-- name: ids_second_factor - rows that are not under this key
select user_name from second_factor where get_byte(secret_cipher, 0) <> %(key)s;

-- name: used_second_factor - rows under this very key
select user_name from second_factor where get_byte(secret_cipher, 0) = %(key)s;

-- name: take_second_factor
select user_name, secret_cipher from second_factor where user_name = any (%(ids)s) order by user_name for update;

-- name: put_second_factor
update second_factor f set secret_cipher = d.new from unnest(%(id)s::text[], %(new)s::bytea[]) as d (id, new)
where f.user_name = d.id;

-- name: ids_preparation - rows that are not under this key
select id::text from preparation where length(sealed_cipher) > 0 and get_byte(sealed_cipher, 0) <> %(key)s;

-- name: used_preparation - rows under this very key
select id::text from preparation where length(sealed_cipher) > 0 and get_byte(sealed_cipher, 0) = %(key)s;

-- name: take_preparation
select id::text, sealed_cipher from preparation where id = any (%(ids)s::uuid[]) order by id for update;

-- name: put_preparation
update preparation p set sealed_cipher = d.new from unnest(%(id)s::uuid[], %(new)s::bytea[]) as d (id, new)
where p.id = d.id;

-- name: ids_correction - rows that are not under this key
select id::text from correction where length(value_cipher) > 0 and get_byte(value_cipher, 0) <> %(key)s;

-- name: used_correction - rows under this very key
select id::text from correction where length(value_cipher) > 0 and get_byte(value_cipher, 0) = %(key)s;

-- name: take_correction
select id::text, value_cipher from correction where id = any (%(ids)s::uuid[]) order by id for update;

-- name: put_correction
update correction c set value_cipher = d.new from unnest(%(id)s::uuid[], %(new)s::bytea[]) as d (id, new)
where c.id = d.id;
