"""How SEND Monitor runs: the way from the files people send to a published release."""
