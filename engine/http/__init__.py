"""The doors over HTTP: the JSON API, the PKI's services, sign-in, and the way in for handsets."""
