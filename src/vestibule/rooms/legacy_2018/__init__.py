"""The team API of 2018: /domains/by-name/… (requirements C1 to C7)."""
