"""The structural cases of W3C SCXML, turned into flows: an outside check of what a step does."""
