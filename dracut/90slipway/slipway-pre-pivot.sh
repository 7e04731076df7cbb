#!/bin/sh
# Sourced by dracut just before it switches to the real root; so it must neither exit nor fail.
/usr/lib/slipway/mount-data.sh "$NEWROOT" || :
