"""The cell: its file, what follows from it, the coupled model and its books."""
