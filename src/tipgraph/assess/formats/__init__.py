"""An assessment as text, Markdown, JSON and Turtle, one module each."""
