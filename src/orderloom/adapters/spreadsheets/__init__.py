"""Reads tables of orders as people and platforms write them: any encoding, delimiter, workbook, export or layout.

A file is looked at, its header row found, its rows put together into orders, and what cannot be read told by row and
with how to mend it. A process of its own does it, within named bounds of time and memory (`reader.py`, `child.py`).
"""
