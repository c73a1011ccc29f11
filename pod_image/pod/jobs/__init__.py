"""What a pod does on its own: receive, deliver, discover, fetch, mail, import."""
