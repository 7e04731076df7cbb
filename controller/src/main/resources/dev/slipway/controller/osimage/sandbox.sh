#!/bin/sh
# sandbox.sh ROOT OUTPUT COMMAND...: runs a command of the tree ROOT in it. Started by unshare in mount,
# process, network, IPC and UTS namespaces of its own, so all that it mounts goes with its last process.
#
# The tree is read-only but for OUTPUT, a directory in it that the command also sees at /run/slipway; of
# the machine there is nothing but the kernel. The programs of the machine (mount, mknod, setpriv, chroot) run outside
# the tree: they never load anything from it.
set -eu
root=$1 output=$2
shift 2

# Other slots that are being built are mounted on the machine, and this namespace has copies of those
# mounts: they would keep a slot in use after its own build has unmounted it.
while read -r device target _; do
    case $target in / | "$root" | "$root"/*) continue ;; esac
    # The one that the tree itself lies on.
    case $root in "$target"/*) continue ;; esac
    case $device in /dev/loop*) umount --lazy "$target" || : ;; esac
done </proc/self/mounts

# Holds on to it as it is, before the tree around it becomes read-only.
cd "$output"
mount --bind "$root" "$root"
mount -o remount,bind,ro,nodev,nosuid "$root"

mount -t tmpfs -o mode=755,nosuid tmpfs "$root/dev"
mknod -m 666 "$root/dev/null" c 1 3
mknod -m 666 "$root/dev/zero" c 1 5
mknod -m 666 "$root/dev/full" c 1 7
mknod -m 666 "$root/dev/random" c 1 8
mknod -m 666 "$root/dev/urandom" c 1 9
mknod -m 666 "$root/dev/tty" c 5 0
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
# The one file system on which nodes can be opened takes no more of them.
mount -o remount,bind,ro,nosuid,noexec "$root/dev"

# Read-only, because without a user namespace root writes the machine's own settings there, such as the program
# that core_pattern starts outside, or sysrq-trigger.
mount -t proc -o ro,nosuid,nodev,noexec proc "$root/proc"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/tmp"
mount -t tmpfs -o mode=755,nosuid,nodev tmpfs "$root/run"
mkdir "$root/run/slipway"
# As a path, OUTPUT would lead into the read-only tree; the directory that we stand in does not.
mount --no-canonicalize --bind . "$root/run/slipway"
mount -o remount,bind,rw,nodev,nosuid "$root/run/slipway"

# The tree becomes the root of this mount namespace, so that there is no way up out of the chroot, and
# of root's powers those stay that making an archive of files takes; dracut puts device nodes into one.
cd "$root"
mount --move . /
# Not dac_read_search: it opens files by their handles (open_by_handle_at(2)), past every mount and chroot.
powers=-all,+chown,+dac_override,+fowner,+fsetid,+mknod,+setgid,+setuid,+sys_chroot
exec setpriv --bounding-set "$powers" --inh-caps -all --no-new-privs \
    chroot . /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C "$@"
