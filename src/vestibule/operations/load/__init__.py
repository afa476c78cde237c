"""`vestibule load`: fake participants who enter, talk and knock, and how long that takes."""
