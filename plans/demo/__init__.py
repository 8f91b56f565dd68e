"""Example data: demo users, the example plans of Møre og Romsdal, and synthetic ones for load."""
