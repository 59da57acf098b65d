#!/bin/sh
# Installs a release of planreach on Linux or macOS:
#
#   install.sh VERSION [DIRECTORY]
#
# The archive is compared with the release's checksums before it is unpacked.
set -eu

version=${1:?usage: install.sh VERSION [DIRECTORY]}
directory=${2:-/usr/local/bin}
release=https://github.com/planreach/planreach/releases/download/v$version

case $(uname -s) in
Linux) os=linux ;;
Darwin) os=darwin ;;
*)
	echo "install.sh: not for $(uname -s); take an archive of the release" >&2
	exit 1
	;;
esac
case $(uname -m) in
x86_64 | amd64) arch=amd64 ;;
aarch64 | arm64) arch=arm64 ;;
*)
	echo "install.sh: there is no release for $(uname -m)" >&2
	exit 1
	;;
esac
archive=planreach_${version}_${os}_${arch}.tar.gz

fetch() {
	if command -v curl >/dev/null; then
		curl --fail --silent --show-error --location --output "$2" "$1"
	else
		wget -q -O "$2" "$1"
	fi
}

sha256() {
	if command -v sha256sum >/dev/null; then
		sha256sum "$@"
	else
		shasum -a 256 "$@"
	fi
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fetch "$release/$archive" "$work/$archive"
fetch "$release/checksums.txt" "$work/checksums.txt"
(
	cd "$work"
	grep "  $archive\$" checksums.txt >checksum # fails if it is not listed
	sha256 -c checksum >&2
	tar -xzf "$archive" planreach
)
mkdir -p "$directory"
mv "$work/planreach" "$directory/planreach"
