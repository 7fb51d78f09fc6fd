"""Products (品类): categories and varieties of everything inside the campaign's scope."""
