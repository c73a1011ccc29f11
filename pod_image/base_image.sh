#!/bin/sh
# Makes the base image of the pods from Debian's packages, where no image registry can be reached.
# It stands in for python:3.11-slim-bookworm: Debian 12, all of Python 3.11, ca-certificates.
# Needs root, debootstrap and a container engine; takes about a minute. The packages come from where
# this machine's own come from; MIRROR names another source.
set -eu

tag=${1:-seedbed-base:latest}
mirror=${MIRROR:-$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' \
  2>/dev/null | awk '$1 == "bookworm" && $2 == "main" { print $3; exit }')}
[ -n "$mirror" ] || { echo "base image: no source of Debian 12's packages is configured. Name one: MIRROR=http://…/debian make base-image" >&2; exit 64; }

need() {
  command -v "$1" >/dev/null || { echo "base image: $1 is missing. Install it: apt-get install $2" >&2; exit 64; }
}
need debootstrap debootstrap
need docker docker.io
[ "$(id -u)" = 0 ] || { echo "base image: debootstrap needs root. Run: sudo make base-image" >&2; exit 64; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
root=$folder/root

echo "base image: unpacking Debian 12 from $mirror" >&2
debootstrap --variant=minbase --include=ca-certificates,python3.11 bookworm "$root" "$mirror" \
  >"$folder/log" 2>&1 || { tail -n 30 "$folder/log" >&2; echo "base image: debootstrap failed. Check that $mirror can be reached; MIRROR names another" >&2; exit 70; }

# What no pod reads: packages' caches and lists, manuals, translations, logs with the time of day.
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/* "$root"/var/cache/debconf/* \
  "$root"/var/cache/ldconfig/* "$root"/usr/share/doc/* "$root"/usr/share/man/* "$root"/usr/share/locale/* \
  "$root"/usr/share/info/* "$root"/usr/lib/python3.11/ensurepip "$root"/tmp/*
: >"$root/etc/machine-id"
find "$root" -name __pycache__ -prune -exec rm -rf {} +
# Accounts carry the day on which they were made.
for accounts in "$root"/etc/shadow "$root"/etc/shadow-; do
  [ ! -f "$accounts" ] || sed -i 's/^\([^:]*:[^:]*:\)[0-9]*/\11/' "$accounts"
done

echo "base image: importing $(du -sm "$root" | cut -f1) MB as $tag" >&2
# The same packages make the same layer. The image's ID differs all the same, since the engine notes when it
# was imported; and another day the mirror may have newer packages.
tar --directory "$root" --create --format=gnu --sort=name --mtime=@0 --numeric-owner --exclude=./dev/* --exclude=./proc/* --exclude=./sys/* . \
  | docker import --change 'LABEL seedbed.image=base' --change 'ENV LANG=C.UTF-8' --change 'CMD ["python3.11"]' - "$tag" >/dev/null
echo "base image: $tag is ready" >&2
