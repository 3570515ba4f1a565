-- What the conditions by which SKUs are chosen need to know.

-- name: named - SKUs with a spelling that begins so
select distinct sku_id from sku_alias where alias like %(like)s or alias = %(text)s limit %(most)s
