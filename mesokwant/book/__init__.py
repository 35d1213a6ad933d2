"""The book: a site of all statements, their numbers, figures and code, and of the documentation.

`mesokwant.book.site.build` makes it, and ``mesokwant book`` is its command. The site is static: it
opens from the file system, and asks no other address for anything.

- `statements`: chapter, sentence and formulas of every study, from a table beside the studies.
- `runs`: what a results folder has, whatever state it is in.
- `drawn`, `plotted`: panels and regime of stored results; the numbers that a figure shows.
- `sources`, `exports`: papers as BibTeX; numbers and papers as files for other programs.
- `assets`: the files of a study in the site, which are kept until something changes.
- `entries`, `whole`, `pages`: what pages show, and their text. `prose` typesets docstrings.
- `reference`, `documents`: the API reference, and the pages of a folder of documentation.
- `configuration`, `mathml`, `site`: Sphinx, which makes the site.
"""
