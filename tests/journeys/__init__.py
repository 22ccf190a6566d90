"""What people do, in a real browser against the whole running product. Ids (UX-…) are those of the UX reference."""
