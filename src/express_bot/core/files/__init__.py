"""Files: received in chunks, judged by content, kept under random names, shown to those who may see them."""
