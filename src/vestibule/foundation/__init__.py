"""What every part rests on; knows no rooms and no appointments."""
