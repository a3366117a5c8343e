"""What those who carry our text messages call: what people reply, and how each of ours ended."""
