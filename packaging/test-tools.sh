#!/bin/sh
# Sets up what the tests need besides Go: a Chromium, Chinese fonts for it, the tools that read our PDFs and QR codes,
# and Python for the independent verifier of the record.
# Installs them where it may, otherwise names the one command to type. Nothing is skipped when something is missing.
set -eu
missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
command -v python3 >/dev/null 2>&1 || missing="$missing python3"
command -v fc-list >/dev/null 2>&1 && fc-list :lang=zh | grep -q . || missing="$missing fonts-noto-cjk"
[ -z "$missing" ] && exit 0

if command -v apt-get >/dev/null 2>&1; then
	if [ "$(id -u)" = 0 ]; then
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null && exit 0
	fi
	echo "The tests need:$missing. Type:  sudo apt-get install$missing" >&2
	exit 1
fi
echo "The tests need Chromium, poppler, Python 3 and Chinese fonts (Debian's names:$missing). Install them with your package manager." >&2
exit 1
