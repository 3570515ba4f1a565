-- Devices of floors and their readings.

-- name: keep - a device, new or as it is now; the salt that its secret is made of
insert into floor_device (device, warehouse_id, kind, station, is_active, salt)
values (%(device)s, %(warehouse)s, %(kind)s, %(station)s, %(is_active)s, %(salt)s)
on conflict (device) do update set warehouse_id = excluded.warehouse_id, kind = excluded.kind, station = excluded.station,
    is_active = excluded.is_active, salt = case when %(renew)s then excluded.salt else floor_device.salt end
returning salt;

-- name: known
select d.device, w.code, d.kind, d.station, d.is_active, d.heard_at, d.warehouse_id, d.salt
from floor_device d join warehouse w on w.id = d.warehouse_id where d.device = %(device)s;

-- name: seen - the label of a waybill in a warehouse, and whether its work is out
select l.number, w.state = 'handed_over' from label l join work w on w.order_id = l.order_id and w.number = l.work_no
where l.waybill = %(waybill)s and l.purpose = 'out' and l.state = 'bought' and w.warehouse_id = %(warehouse)s
union all
select '', true from parcel p join parcel_item i on i.parcel_id = p.id join work w on w.order_id = i.order_id
    and w.work_seq = i.work_seq
where upper(replace(p.waybill, ' ', '')) = %(waybill)s and w.warehouse_id = %(warehouse)s
order by 2 desc limit 1;

-- name: heard
select verdict from device_reading where device = %(device)s and reading = %(ident)s;

-- name: add - a reading, once; the device was heard
with added as (
    insert into device_reading (device, reading, warehouse_id, at_device, received_at, value, unit, code, verdict)
    values (%(device)s, %(ident)s, %(warehouse)s, %(at_device)s, %(at)s, %(value)s, %(unit)s, %(code)s, %(verdict)s)
    on conflict do nothing returning device
)
update floor_device d set heard_at = %(at)s from added a where d.device = a.device returning d.device;

-- name: forget - readings that are older than what anybody asks for, some at a time
delete from device_reading where (device, reading) in (
    select device, reading from device_reading where received_at < %(before)s limit %(limit)s);
