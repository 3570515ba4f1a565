-- Orders that people type in.

-- name: landed
select id::text, digest from message where account_id = %(account)s and event_id = %(event)s;

-- name: last_voucher
select m.body_cipher from intake i join message m on m.id = i.message_id
where i.order_id = %(order)s::uuid and m.account_id = %(account)s
order by m.id desc limit 1;

-- name: spelled
select code from sku where code = any (%(codes)s)
union select alias from sku_alias where alias = any (%(codes)s) and coalesce(account_id, %(account)s) = %(account)s;

-- name: near
select code from sku
where is_active and (strpos(lower(code), %(text)s) > 0 or strpos(%(text)s, lower(code)) > 0 or strpos(lower(name), %(text)s) > 0)
order by abs(length(code) - length(%(text)s)), code limit 3;
