-- Goods go from one warehouse to another, and are frozen, under words of their own; what became of one SKU is found by it.
alter table stock_movement drop constraint stock_movement_kind_check;
alter table stock_movement add constraint stock_movement_kind_check check (kind in
    ('reserve', 'allocate', 'release', 'ship', 'receive', 'adjust', 'stocktake', 'return', 'protect', 'freeze', 'thaw',
     'transfer_out', 'transfer_in'));
create index stock_movement_sku on stock_movement (sku_id, xid);
