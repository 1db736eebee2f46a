"""What operators ask of a deployment: whether it is as it must be, and whether new code fits what runs."""
