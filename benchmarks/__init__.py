"""What the product costs, against a floor that is measured in the same run: `make bench`."""
