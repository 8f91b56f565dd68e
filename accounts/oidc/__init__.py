"""Log-in by OpenID Connect: Entra ID, ID-porten, Ansattporten.

allauth's own provider sends no nonce, knows no client key, lets the browser add parameters and
does not look at the token's signature or level; what is ours here does.
"""
