"""What a dataset says of itself: statistics, VoID, the service description."""
