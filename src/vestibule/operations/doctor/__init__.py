"""`vestibule doctor`: proves each part of an installation by using it, and says how to mend it."""
