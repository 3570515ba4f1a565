-- name: keep - what a verification found
insert into audit_check (id, at, by, began_at, is_deep, orders, events, checkpoints, unsealed, refolded, faults)
values (%(id)s::uuid, %(at)s, %(by)s, %(began)s, %(deep)s, %(orders)s, %(events)s, %(checkpoints)s, %(unsealed)s,
    %(refolded)s, %(faults)s::jsonb);
