"""What can go wrong with others' services; each message is for people."""


class ServiceDown(Exception):
    """A service that is needed didn't answer, was too slow, or answered with nonsense: the same may
    work later. Nothing was signed."""


class Refused(Exception):
    """A service answered no, or a certificate no longer counts: trying again won't help."""
