"""A library: books and who wrote them."""
