"""An OpenID Connect provider: how it is asked, where it keeps what, and how somebody logs in there."""
