#!/bin/sh
# last-words.sh: in a trial whose initrd gives up, says so on the data partition before the reboot, so
# that the old slot's agent can tell a missing root (trial-no-root) from a hang. Does nothing where
# the root's disk is not to be seen. POSIX sh, with mount, umount, mkdir, readlink and cat.

# argument NAME: its value on the kernel command line.
argument() {
    for word in $(cat /proc/cmdline); do
        case $word in "$1"=*) echo "${word#*=}" ;; esac
    done
}

# The node of the partition named slipway-data on the disk of the root's partition.
data_partition() {
    root=$(argument root)
    node=$(readlink -f "/dev/disk/by-partuuid/${root#PARTUUID=}") || return 1
    partition=$(readlink -f "/sys/class/block/${node##*/}") || return 1
    for uevent in "${partition%/*}"/*/uevent; do
        name= device=
        while IFS='=' read -r key value; do
            case $key in
            PARTNAME) name=$value ;;
            DEVNAME) device=$value ;;
            esac
        done <"$uevent"
        if [ "$name" = slipway-data ] && [ -n "$device" ]; then
            echo "/dev/$device"
            return 0
        fi
    done
    return 1
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
