"""What puts Lowtide in a form that others install: the image, the packages, the list of what is in them."""
