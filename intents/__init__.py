"""What people mean."""
