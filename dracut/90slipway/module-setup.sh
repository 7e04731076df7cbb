#!/bin/bash
# dracut module: the host's identity and configuration, before the real root starts.

check() {
    # Only where it is asked for: an initrd of a machine without slots has no use for it.
    return 255
}

depends() {
    echo base
}

installkernel() {
    # The data partition is ext4 whatever the root is.
    instmods ext4
}

install() {
    inst_multiple mount umount mkdir chroot readlink cat dd
    inst_script "$moddir/data-partition.sh" /usr/lib/slipway/data-partition.sh
    inst_script "$moddir/mount-data.sh" /usr/lib/slipway/mount-data.sh
    inst_script "$moddir/last-words.sh" /usr/lib/slipway/last-words.sh
    # With rd.shell=0, as in trials, dracut under systemd runs the second of the two.
    inst_hook emergency 50 "$moddir/slipway-emergency.sh"
    inst_hook shutdown-emergency 50 "$moddir/slipway-emergency.sh"
    # Late (90): the root is mounted and other pre-pivot hooks have finished with it.
    inst_hook pre-pivot 90 "$moddir/slipway-pre-pivot.sh"
}
