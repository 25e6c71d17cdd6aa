"""The composite cathode: composition, conduction, charge, kinetics, open circuit, diffusion."""
