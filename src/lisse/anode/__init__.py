"""Lithium and its stand-ins: contact under pressure, charge transfer, the reservoir."""
