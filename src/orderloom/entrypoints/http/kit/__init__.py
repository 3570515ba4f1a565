"""What every room uses to be asked and to answer: problems, bodies, callers, connections. It knows no room."""
