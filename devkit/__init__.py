"""The developer commands of this repository: `./dev run`, `./dev test` and their siblings.

Only the standard library is used here, because these modules run before the virtual environment
exists and create it.
"""
