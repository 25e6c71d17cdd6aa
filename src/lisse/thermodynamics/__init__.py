"""Which phases live beside each other: stability windows and interface reactions from formation energies."""
