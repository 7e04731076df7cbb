#!/bin/sh
# last-words.sh: in a trial whose initrd gives up, says so on the data partition before the reboot, so
# that the old slot's agent can tell a missing root (trial-no-root) from a hang. Does nothing where
# the root's disk is not to be seen. POSIX sh, with mount, umount, mkdir, readlink, cat and
# data-partition.sh beside it.

here=${0%/*}

# argument NAME: its value on the kernel command line.
argument() {
    for word in $(cat /proc/cmdline); do
        case $word in "$1"=*) echo "${word#*=}" ;; esac
    done
}

# The node of the data partition on the disk of the root's partition.
data_partition() {
    root=$(argument root)
    node=$(readlink -f "/dev/disk/by-partuuid/${root#PARTUUID=}") || return 1
    "$here/data-partition.sh" "/sys/class/block/${node##*/}"
}

case $(argument slipway.mode) in
warmtrial | coldtrial) ;;
*) exit 0 ;;
esac
data=$(data_partition) || exit 0
mkdir -p /run/slipway-data
# Synchronous: what is written is on the medium before the reboot.
mount -t ext4 -o rw,sync,nodev,nosuid,noexec "$data" /run/slipway-data || exit 0
echo "$(argument slipway.txn) trial-no-root" >/run/slipway-data/last-words
umount /run/slipway-data || :
