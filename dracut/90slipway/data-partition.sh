#!/bin/sh
# data-partition.sh PARTITION: prints the node of the partition named slipway-data on the disk that
# has PARTITION, a directory of sysfs such as /sys/class/block/vda3. Never a search over all disks: two
# golden disks in one machine have equal names. POSIX sh, with readlink and dd; no udev and no blkid.

# value FILE KEY: what a uevent file says for it.
value() {
    while IFS='=' read -r key value; do
        if [ "$key" = "$2" ]; then
            echo "$value"
            return 0
        fi
    done <"$1"
    return 1
}

# In a GPT the kernel finds the names itself.
named_in_table() {
    for uevent in "$disk"/*/uevent; do
        [ -e "$uevent" ] || continue
        if [ "$(value "$uevent" PARTNAME)" = slipway-data ]; then
            echo "/dev/$(value "$uevent" DEVNAME)"
            return 0
        fi
    done
    return 1
}

# An msdos table has none: Slipway keeps them as text in the last 4 KiB before the first MiB
# (docs/decisions/0010), in lines of number, first sector, count of sectors and name.
named_beside_table() {
    node=$(value "$disk/uevent" DEVNAME) || return 1
    dd if="/dev/$node" bs=4096 skip=255 count=1 2>/dev/null | (
        read -r magic version
        [ "$magic $version" = "slipway-partitions 1" ] || exit 1
        while read -r line_number first sectors name; do
            [ "$name" = slipway-data ] || continue
            for partition in "$disk"/*/; do
                [ -e "$partition/start" ] || continue
                read -r number <"$partition/partition"
                read -r start <"$partition/start"
                read -r size <"$partition/size"
                if [ "$number $start $size" = "$line_number $first $sectors" ]; then
                    echo "/dev/$(value "$partition/uevent" DEVNAME)"
                    exit 0
                fi
            done
        done
        exit 1
    )
}

partition=$(readlink -f "$1") || exit 1
disk=${partition%/*}
named_in_table || named_beside_table
