"""The messenger eXpress, both directions, on pybotx."""
