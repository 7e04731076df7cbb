#!/bin/sh
# partition-by-uuid.sh UUID: prints the node of the partition that root=PARTUUID=UUID means, by the tables of
# the disks: neither sysfs of every kernel nor busybox' blkid tells it. POSIX sh, with dd, od, readlink
# and tr.

# node NAME: of a disk or partition; the kernel writes ! where the node has a slash.
node() {
    echo "/dev/$(echo "$1" | tr '!' /)"
}

# bytes DISK OFFSET COUNT: in hexadecimal; nothing where the disk cannot be read.
bytes() {
    dd if="$(node "$1")" bs=1 skip="$2" count="$3" 2>/dev/null | od -An -v -tx1 | tr -d ' \n'
}

# reversed HEX: the bytes in the other order; tables are little-endian.
reversed() {
    from=$1 to=
    while [ -n "$from" ]; do
        rest=${from#??}
        to=${from%"$rest"}$to
        from=$rest
    done
    echo "$to"
}

# guid HEX: as text; its first three fields are little-endian (UEFI specification, appendix A).
guid() {
    tail=${1#????????????????} head=${1%"${1#????????????????}"}
    time=${head%????????} low=${head#????????}
    echo "$(reversed "$time")-$(reversed "${low%????}")-$(reversed "${low#????}")-${tail%????????????}-${tail#????}"
}

# partition_uuid DISK NUMBER: the entry's identity in a GPT, whose header is in the second sector (UEFI
# specification, 5.3); else the disk's signature and the number of the partition.
partition_uuid() {
    read -r sector <"/sys/class/block/$1/queue/logical_block_size" || return 1
    if [ "$(bytes "$1" "$sector" 8)" = 4546492050415254 ]; then
        first=$((0x$(reversed "$(bytes "$1" $((sector + 72)) 8)")))
        size=$((0x$(reversed "$(bytes "$1" $((sector + 84)) 4)")))
        guid "$(bytes "$1" $((first * sector + ($2 - 1) * size + 16)) 16)"
    else
        printf '%s-%02x\n' "$(reversed "$(bytes "$1" 440 4)")" "$2"
    fi
}

wanted=$(echo "$1" | tr A-F a-f)
for partition in /sys/class/block/*/partition; do
    [ -e "$partition" ] || continue
    read -r number <"$partition"
    partition=$(readlink -f "${partition%/*}")
    disk=${partition%/*}
    if [ "$(partition_uuid "${disk##*/}" "$number")" = "$wanted" ]; then
        node "${partition##*/}"
        exit 0
    fi
done
exit 1
