"""What findings say together: figures as numbers, from rows; without HTTP and without HTML."""
