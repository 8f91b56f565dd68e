"""The only place where users, roles, invitations and sessions are written."""
