"""Named maxima of order files: what is larger is refused in words, and costs no other file anything."""

from __future__ import annotations

FILE_BYTES_MAX = 256 << 20
"""A larger file is not read at all."""
ROWS_MAX = 1_000_000
COLUMNS_MAX = 500
FIELD_CHARACTERS_MAX = 32_767
"""What one cell may hold; Excel's own limit."""
LINE_BYTES_MAX = 1 << 20
LINES_PER_ROW_MAX = 200
"""How many lines a quoted cell may run over before its quote counts as never closed."""
ROWS_PER_ORDER_MAX = 2_000
ORDER_BYTES_MAX = 4 << 20
EVIDENCE_BYTES_MAX = 64 << 10
"""How much of what cannot be read stands beside its case; the whole file is kept as the voucher."""
UNPACKED_BYTES_MAX = 160 << 20
"""Of the sheets and texts of a workbook, counted while unpacking: a zip archive may lie about its sizes."""
CELLS_MAX = 5_000_000
"""Of the rectangle around what is filled in a sheet: one stray cell far out makes it huge."""
MEMORY_BYTES_MAX = 1 << 30
"""Address space of the process that reads files."""
CPU_SECONDS_MAX = 180
FRAME_SECONDS_MAX = 80.0
"""How long the reading process may take until the first order, and then for each further one."""
PIECE_BYTES = 4 << 20
"""A voucher of a larger file is stored in pieces of this size."""
PAGE_ITEMS_MAX = 500
PAGE_BYTES_MAX = 4 << 20
NAME_CHARACTERS_MAX = 200
