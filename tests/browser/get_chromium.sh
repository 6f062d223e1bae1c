#!/bin/sh
# Find a Chromium for the browser tests; as root on Debian or Ubuntu, install one.
# In CI a missing browser is a failure; elsewhere the browser tests say that they are skipped.
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests…"
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    chromium fonts-dejavu-core; } >/tmp/quizapp-chromium.log 2>&1 && exit 0
  tail -n 5 /tmp/quizapp-chromium.log
fi
if [ "${CI:-}" = true ]; then echo "No Chromium: the browser tests cannot run."; exit 1; fi
echo "No Chromium found: the browser tests will be skipped. Install the package chromium to run them."
