"""The pages of a folder of documentation, and the API reference, as sources of the site."""

import importlib
import inspect

import mesokwant as mk
from mesokwant.book.documents import documents
from mesokwant.book.reference import PARTS, pages, public_names
from mesokwant.cli.commands import mesokwant


def folder(tmp_path, **texts):
    for name, text in texts.items():
        path = tmp_path / name.replace("__", "/")
        path = path.with_suffix(".md")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "docs"


def test_pages_stand_below_the_title_of_their_folder(tmp_path):
    docs = folder(
        tmp_path,
        docs__tutorials__second="# 2",
        docs__tutorials__first="# 1",
        docs__results="# results",
        docs__gallery="# replaced by the index",
        CHANGELOG="# changes",
    )
    found = documents(docs, [])
    assert found.sections == {
        "Tutorials": ["docs/tutorials/first", "docs/tutorials/second"],
        "More documentation": ["docs/results", "CHANGELOG"],
    }
    assert set(found.texts) == {f"{name}.md" for names in found.sections.values() for name in names}


def test_links_lead_to_where_things_are_in_the_site(tmp_path):
    (tmp_path / "docs" / "pictures").mkdir(parents=True)
    (tmp_path / "docs" / "pictures" / "a.png").write_bytes(b"a picture")
    docs = folder(
        tmp_path,
        docs__page="[other](tutorials/t.md#part) [index](gallery.md) [readme](../README.md) "
        "![figure](../results/one/full/figure.png) [study](../studies/one.py) "
        "[code](../mesokwant/files.py) ![drawn](pictures/a.png) [web](https://example.org)",
        docs__tutorials__t="[back](../page.md) [home](../gallery.md)",
    )
    found = documents(docs, ["one"])
    assert found.texts["docs/page.md"] == (
        "[other](tutorials/t.md#part) [index](../index.md) [readme](../index.md) "
        "![figure](../studies/one/figure.png) [study](../studies/one.md) "
        "code ![drawn](pictures/a.png) [web](https://example.org)"
    )
    assert found.texts["docs/tutorials/t.md"] == "[back](../page.md) [home](../../index.md)"
    assert list(found.files) == ["docs/pictures/a.png"]


def test_the_reference_has_every_public_name_once():
    texts = pages(mesokwant)
    for module_name, _ in PARTS:
        module = importlib.import_module(module_name)
        text = texts[module_name.replace(".", "-")]
        for name in public_names(module):
            if not inspect.ismodule(getattr(module, name)):
                assert f":: {name}\n" in text, (module_name, name)
    estimates = [text for text in texts.values() if ".. autoclass:: Estimate\n" in text]
    assert sum("Estimate\n   :no-index:" not in text for text in estimates) == 1
    assert set(mk.__all__) >= {"Estimate"}


def test_the_reference_has_the_help_of_every_command():
    text = pages(mesokwant)["command-line"]
    for name in mesokwant.commands:
        assert f"``mesokwant {name}``" in text
