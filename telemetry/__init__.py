"""What Uphold tells the tools of a platform team: metrics and traces. Imports nothing of ours."""
