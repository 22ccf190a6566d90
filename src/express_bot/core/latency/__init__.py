"""How fast the API answers, over all of its instances."""
