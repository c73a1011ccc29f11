"""Two pods of this project find each other's people, however they are spelled."""

from pathlib import Path

from tests.pod.pair import joined


def test_pods_of_this_project_discover_each_other(tmp_path: Path) -> None:
    with joined(tmp_path) as pods:
        carol = pods.sign_up("carol", "pod1")
        bob = pods.sign_up("bob", "pod2", first_name="Bob", last_name="Builder")
        texts = (bob.diaspora_id, f"  acct:{bob.diaspora_id.upper()} ")
        found = [carol.find(text)["person"] for text in texts]
        assert [each["guid"] for each in found] == [bob.guid] * 2
        assert found[0]["profile"] == {
            "full_name": None,
            "first_name": "Bob",
            "last_name": "Builder",
            "image_url": None,
            "image_url_medium": None,
            "image_url_small": None,
            "bio": None,
            "birthday": None,
            "gender": None,
            "location": None,
            "searchable": True,
            "public": False,
            "nsfw": False,
            "tag_string": None,
        }
