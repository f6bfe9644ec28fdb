"""What is told of sales that other programs registered."""
