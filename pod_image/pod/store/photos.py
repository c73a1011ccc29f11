"""Photos and the image files that this pod serves."""

from pod.domain.entities import Photo
from pod.domain.identity import DiasporaId, Guid
from pod.domain.people import Person
from pod.store import rows
from pod.store.content import ContentRows
from pod.store.prepared import Row
from pod.store.schema import photo_files, photos


class Photos(ContentRows):
    """Photos, with or without a post around them."""

    def photo(self, guid: Guid | str) -> tuple[Photo, Person] | None:
        row = self._one(photos, guid=guid)
        if row is None:
            return None
        author = self._people.get(row.author_id)
        return as_photo(row, author.diaspora_id), author

    def photos_of(self, author: Person) -> tuple[Photo, ...]:
        found = self._all(photos, author_id=author.id)
        return tuple(as_photo(row, author.diaspora_id) for row in found)

    def put_photo(self, photo: Photo, author: Person, position: int | None = None) -> None:
        """Store or, for a known GUID of the same author, update a photo.

        Args:
            photo: What to store.
            author: Its author.
            position: Its place among the photos of its post; kept if not given.
        """
        values = {
            "author_id": author.id,
            "status_message_guid": photo.status_message_guid,
            "public": photo.public,
            "text": photo.text,
            "created_at": photo.created_at,
            "remote_photo_path": photo.remote_photo_path,
            "remote_photo_name": photo.remote_photo_name,
            "height": photo.height,
            "width": photo.width,
        }
        if position is not None:
            values["position"] = position
        if rows.change(self._connection, photos, values, guid=photo.guid) == 0:
            rows.add(self._connection, photos, {"guid": photo.guid, **values})

    def remove_photo(self, guid: Guid | str) -> None:
        """Delete a photo, and its file if it is one of this pod."""
        row = self._one(photos, guid=guid)
        if row is None:
            return
        rows.remove(self._connection, photos, id=row.id)
        # Files made here are named after the photo; a remote photo may claim any other name.
        if row.remote_photo_name.partition(".")[0] == row.guid:
            rows.remove(self._connection, photo_files, name=row.remote_photo_name)

    def put_file(self, name: str, media_type: str, content: bytes) -> None:
        values = {"name": name, "media_type": media_type, "content": content}
        rows.add(self._connection, photo_files, values)

    def file(self, name: str) -> tuple[str, bytes] | None:
        row = self._one(photo_files, name=name)
        return None if row is None else (row.media_type, row.content)


def as_photo(row: Row, author: DiasporaId) -> Photo:
    """The photo of a row."""
    post = row.status_message_guid
    return Photo(
        guid=Guid(row.guid),
        author=author,
        public=row.public,
        created_at=row.created_at,
        remote_photo_path=row.remote_photo_path,
        remote_photo_name=row.remote_photo_name,
        text=row.text,
        status_message_guid=Guid(post) if post else None,
        height=row.height,
        width=row.width,
    )
