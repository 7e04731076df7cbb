#!/bin/sh
# mount-data.sh NEWROOT: mounts the data partition of the disk that NEWROOT lies on at
# NEWROOT/var/lib/slipway and runs the slot's host-setup. On a disk without one (data: off) that is a
# directory of the slot's own. POSIX sh, with mount, umount, mkdir, chroot, cat and data-partition.sh
# beside it; no udev and no blkid.

here=${0%/*}
newroot=${1%/}

say() {
    echo "slipway: $*" >/dev/kmsg 2>/dev/null || echo "slipway: $*" >&2
}

# The device number of the root, from /proc/self/mountinfo:
# "36 35 254:3 / /sysroot rw,relatime - ext4 /dev/vda3 rw"; the last mount on a path is the one seen.
root_device() {
    found=
    while read -r _ _ device _ mountpoint _; do
        [ "$mountpoint" = "${newroot:-/}" ] && found=$device
    done </proc/self/mountinfo
    [ -n "$found" ] && echo "$found"
}

# Whether the disk was made without a data partition. One that is not found is no reason to become another host.
data_is_off() {
    for word in $(cat /proc/cmdline); do
        [ "$word" = slipway.data=none ] && return 0
    done
    return 1
}

# Runs host-setup in the new root, with /dev and /proc lent to it for that time.
set_up_host() {
    if [ ! -x "$newroot/usr/lib/slipway/host-setup" ]; then
        say "the slot has no /usr/lib/slipway/host-setup; the host keeps what the image says"
        return 0
    fi
    mount --bind /dev "$newroot/dev" && mount --bind /proc "$newroot/proc" &&
        chroot "$newroot" /usr/lib/slipway/host-setup ||
        say "host-setup failed; the host may lack its name, users or SSH host keys"
    umount "$newroot/proc" 2>/dev/null
    umount "$newroot/dev" 2>/dev/null
}

main() {
    device=$(root_device) || {
        say "no root is mounted at $newroot; the data partition is not mounted"
        return 1
    }
    if data_is_off; then
        mkdir -p "$newroot/var/lib/slipway"
        set_up_host
        return
    fi
    data=$("$here/data-partition.sh" "/sys/dev/block/$device") || {
        say "the disk of the root ($device) has no partition named slipway-data;" \
            "host name, users and keys are not set"
        return 1
    }
    mkdir -p "$newroot/var/lib/slipway"
    # nodev,nosuid: it holds configuration and keys, nothing to run as another user.
    mount -t ext4 -o rw,nodev,nosuid "$data" "$newroot/var/lib/slipway" || {
        say "cannot mount $data; host name, users and keys are not set"
        return 1
    }
    set_up_host
}

main
