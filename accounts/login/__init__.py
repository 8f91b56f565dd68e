"""Getting in: e-mail and password, a second factor, other log-in services; all through allauth."""
