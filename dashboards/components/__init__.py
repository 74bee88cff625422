"""What pages share on the screen. A component shows what it is given and computes no figure."""
