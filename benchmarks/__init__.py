"""What Uphold costs beside a bare workflow, measured in one run."""
