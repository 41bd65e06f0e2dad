"""A look at everything a run hangs on, which changes nothing: each thing that is wrong with its mend."""
