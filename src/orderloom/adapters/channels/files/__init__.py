"""Orders in CSV, TSV and Excel files: uploaded, or dropped into a watched folder."""
