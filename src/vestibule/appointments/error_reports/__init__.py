"""What went wrong in people's browsers, told by the pages, grouped for staff (A26)."""
