-- What the conditions by which SKUs are chosen need to know.

-- name: named - SKUs with a spelling or barcode that begins so
(select sku_id from sku_alias where alias like %(like)s or alias = %(text)s limit %(most)s)
union
(select sku_id from sku_barcode where barcode like %(like)s or barcode = %(text)s limit %(most)s)
