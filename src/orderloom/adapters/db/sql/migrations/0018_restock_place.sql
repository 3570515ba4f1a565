-- Orders that wait are offered what moved from a place of their own in the ledger: begin where stock was told last.
insert into watermark (name, xid) select 'restock', xid from watermark where name = 'stock' on conflict (name) do nothing;
