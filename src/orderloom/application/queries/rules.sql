-- name: known - codes that are SKUs of ours
select code from sku where code = any (%(codes)s);
