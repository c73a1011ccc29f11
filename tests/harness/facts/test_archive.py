"""Archives as the harness sees them."""

from harness.facts.archive import Archive


def test_an_archive_gives_back_the_document_that_it_was_made_of() -> None:
    document = {"user": {"username": "carol"}, "version": "2.0"}
    assert Archive.of(document).document == document


def test_equal_documents_make_equal_archives() -> None:
    assert Archive.of({"a": 1}) == Archive.of({"a": 1})
