"""What a pod answers: federation endpoints, the user API, pages, the control API."""
