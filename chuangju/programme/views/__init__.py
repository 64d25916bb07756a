"""Pages of the table, one module for each thing one does with it."""
