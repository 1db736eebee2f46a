"""The demonstration: sample complaints, a script of what people did about them, and its player."""
