-- Rows of stock files are known by their cause: a file that comes again looks for what its document booked before.
create index stock_movement_file on stock_movement (cause text_pattern_ops) where cause like 'file/%';
