"""The clinics and schools that book: their people, their access tokens, their room provider."""
