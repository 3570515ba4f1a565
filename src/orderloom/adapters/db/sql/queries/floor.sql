-- Places of a floor, what lies on them, and their ledger. A place's row is the lock of all that lies on it.

-- name: places - by code; the first ones of a kind where no code is asked for
select id, warehouse_id, code, kind, sequence, units_max, is_closed, is_single from place
where warehouse_id = %(house)s and (code = any (%(codes)s) or kind = any (%(kinds)s)) order by sequence, id;

-- name: lock_places - in the one order of locks
select id, warehouse_id, code, kind, sequence, units_max, is_closed, is_single from place
where id = any (%(ids)s) order by id for update;

-- name: lock_places_of - those on which units of these SKUs lie
select id, warehouse_id, code, kind, sequence, units_max, is_closed, is_single from place
where warehouse_id = %(house)s and id in (
    select place_id from place_level where warehouse_id = %(house)s and sku_id = any (%(skus)s) and quantity > 0)
order by id for update;

-- name: levels - what lies on places, whose rows whoever asks has locked
select place_id, sku_id, lot_id, quantity, promised from place_level
where place_id = any (%(ids)s) and (quantity <> 0 or promised <> 0) order by place_id, sku_id, lot_id;

-- name: lots
select id, sku_id, code, expires_on, is_blocked from lot where sku_id = any (%(skus)s);

-- name: keep_lot - a day that is given later is taken, one that is known stays unless another one is given
insert into lot (sku_id, code, expires_on) values (%(sku)s, %(code)s, %(expires_on)s)
on conflict (sku_id, code) do update set expires_on = coalesce(excluded.expires_on, lot.expires_on)
returning id, sku_id, code, expires_on, is_blocked;

-- name: block_lot
update lot set is_blocked = %(is_blocked)s, expires_on = coalesce(%(expires_on)s, expires_on)
where sku_id = %(sku)s and code = %(code)s returning id;

-- name: keep_places - what is null is as it was; how many are new
with told as materialized (
    select * from jsonb_to_recordset(%(rows)s::jsonb) as r (code text, kind text, sequence bigint, walk bigint,
        units_max integer, is_closed boolean, is_single boolean)
), known as (
    update place p set kind = coalesce(r.kind, p.kind), sequence = coalesce(r.sequence, p.sequence),
        units_max = coalesce(r.units_max, p.units_max), is_closed = coalesce(r.is_closed, p.is_closed),
        is_single = coalesce(r.is_single, p.is_single)
    from told r where p.warehouse_id = %(house)s and p.code = r.code
), fresh as (
    insert into place (warehouse_id, code, kind, sequence, units_max, is_closed, is_single)
    select %(house)s, r.code, coalesce(r.kind, 'pick'), coalesce(r.sequence, r.walk), coalesce(r.units_max, 0),
        coalesce(r.is_closed, false), coalesce(r.is_single, false)
    from told r where not exists (select from place p where p.warehouse_id = %(house)s and p.code = r.code)
    order by r.code
    returning 1
)
select count(*) from fresh;

-- name: switch - a house is run here, or no more
update warehouse set is_floor = %(is_floor)s where id = %(house)s and is_floor is distinct from %(is_floor)s;

-- name: lies_there - units on the places of a house
select coalesce(sum(quantity), 0)::bigint from place_level where warehouse_id = %(house)s;

-- name: moved - lines of the ledger
insert into place_movement (cause, line_no, warehouse_id, sku_id, lot_id, from_id, to_id, quantity, kind, wave_id, task_no,
    actor, at)
select %(cause)s, r.line_no, r.warehouse_id, r.sku_id, r.lot_id, r.from_id, r.to_id, r.units, r.kind, %(wave)s::uuid,
    r.task_no, %(by)s, %(at)s
from jsonb_to_recordset(%(rows)s::jsonb) as r (line_no smallint, warehouse_id smallint, sku_id integer, lot_id integer,
    from_id integer, to_id integer, units integer, kind text, task_no integer);

-- name: add_to_levels - whoever writes holds the places' rows
insert into place_level (place_id, sku_id, lot_id, warehouse_id, quantity, promised)
select r.place_id, r.sku_id, r.lot_id, p.warehouse_id, 0, 0
from jsonb_to_recordset(%(rows)s::jsonb) as r (place_id integer, sku_id integer, lot_id integer)
join place p on p.id = r.place_id
order by 1, 2, 3
on conflict do nothing;

-- name: change_levels
update place_level l set quantity = l.quantity + r.units, promised = l.promised + r.promised
from jsonb_to_recordset(%(rows)s::jsonb) as r (place_id integer, sku_id integer, lot_id integer, units integer,
    promised integer)
where l.place_id = r.place_id and l.sku_id = r.sku_id and l.lot_id = r.lot_id;

-- name: not_placed - units of a SKU that lie on no place; below zero where the places hold more than the book
select coalesce((select on_hand from stock_level where sku_id = %(sku)s and warehouse_id = %(house)s), 0)
    - coalesce((select sum(quantity) from place_level where sku_id = %(sku)s and warehouse_id = %(house)s), 0)::integer;

-- name: barcodes - the SKUs that these spellings are barcodes or codes of
select b.barcode, b.sku_id from sku_barcode b where b.barcode = any (%(codes)s)
union all
select s.code, s.id from sku s where s.code = any (%(codes)s);

-- name: keep_materials
insert into packing_material (code, name, length_mm, width_mm, height_mm, weight_g, cost, currency, is_active)
select r.* from jsonb_to_recordset(%(rows)s::jsonb) as r (code text, name text, length_mm integer, width_mm integer,
    height_mm integer, weight_g integer, cost bigint, currency text, is_active boolean)
order by r.code
on conflict (code) do update set name = excluded.name, length_mm = excluded.length_mm, width_mm = excluded.width_mm,
    height_mm = excluded.height_mm, weight_g = excluded.weight_g, cost = excluded.cost, currency = excluded.currency,
    is_active = excluded.is_active;

-- name: place_with_room - another place of the kind that may take units: one that has the SKU first, then the nearest
select p.code from place p, lateral (
    select coalesce(sum(quantity), 0) as held, coalesce(bool_or(sku_id = %(sku)s), false) as has_it,
        coalesce(bool_or(sku_id <> %(sku)s), false) as has_other
    from place_level where place_id = p.id and quantity > 0) l
where p.warehouse_id = %(house)s and p.kind = %(kind)s and p.id <> %(id)s and not p.is_closed
    and (p.units_max = 0 or l.held + %(units)s <= p.units_max) and not (p.is_single and (l.has_other or l.has_it))
order by l.has_it desc, abs(p.sequence - %(sequence)s), p.id limit 1;
