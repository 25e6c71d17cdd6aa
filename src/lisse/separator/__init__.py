"""The sulfide layer: conduction and densification."""
