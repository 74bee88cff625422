"""The pages: short scripts over one frozen release. No figure is computed here.

app.py starts, views/ holds a page a file, components/ what pages share on the screen, charts/ pure
functions from a frame to a figure, words/ pure functions from figures to sentences, and queries/
the only modules that read.
"""
