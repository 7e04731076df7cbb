package dev.slipway.tree;

import dev.slipway.linux.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A tree of everything that archives and file systems can hold and that tools like to get wrong.
 */
final class OddTree {
  /** Of a link's target: PATH_MAX of linux/limits.h without the final 0; also what ext4 takes. */
  static final int LONGEST_TARGET = 4095;

  /** XFS_SYMLINK_MAXLEN of fs/xfs/libxfs/xfs_format.h without the final 0. */
  static final int LONGEST_TARGET_ON_XFS = 1023;

  private static final int MANY_LINKS = 1000;

  private OddTree() {}

  static void make(Path directory) throws IOException {
    make(directory, LONGEST_TARGET);
  }

  /** Makes it for a file system that takes no longer target of a link. */
  static void make(Path directory, int longestTarget) throws IOException {
    String script =
        """
        set -e
        umask 022
        mkdir -p names times owners sparse special acl caps/deep
        name255=$(printf 'n%.0s' $(seq 255)); echo long > "names/$name255"
        printf x > "names/$(printf '\\377%.0s' $(seq 255))"
        mkdir "$(printf 'names/dir-\\200')"; printf x > "$(printf 'names/dir-\\200/inside')"
        deepest=names/$(printf 'd/%.0s' $(seq 100)); mkdir -p $deepest; echo bottom > $deepest/file
        deep=names; for i in 1 2 3 4 5; do deep=$deep/$(printf "d$i%.0s" $(seq 60)); done; mkdir -p "$deep"; echo deep > "$deep/file"
        printf x > "$(printf 'names/not-utf8-\\377\\376')"
        printf x > "names/new
        line"
        printf x > 'names/back\\slash space  '
        : > names/empty
        ln -s "$(printf 't%.0s' $(seq 300))" links/long
        ln -s "$(printf 'l%.0s' $(seq LONGEST))" links/longest
        ln -s /etc/absolute links/absolute
        ln -s ../../.. links/up
        ln -s "$(printf 'bad-\\377')" links/not-utf8
        ln links/absolute links/absolute-again
        touch -h -d '2001-02-03 04:05:06.123456789Z' links/long
        echo old > times/old; touch -d '1969-12-31 23:59:58.5Z' times/old
        echo nano > times/nano; touch -d '2021-06-05 01:02:03.000000001Z' times/nano
        echo far > times/far; touch -d '2037-01-01 00:00:00Z' times/far
        echo o > owners/large; chown 3000000:4000000000 owners/large
        echo s > owners/setuid; chown 1:2 owners/setuid; chmod 6755 owners/setuid
        mkdir owners/sticky; chmod 3777 owners/sticky; chown 5:6 owners/sticky
        echo t > owners/sticky-file; chmod 1644 owners/sticky-file
        mkdir owners/setgid; chown 0:9 owners/setgid; chmod 2775 owners/setgid; echo i > owners/setgid/inherits
        mkdir owners/closed; echo c > owners/closed/inside; chmod 0000 owners/closed
        truncate -s 10M sparse/middle; printf data | dd of=sparse/middle bs=1 seek=5000000 conv=notrunc status=none
        truncate -s 3000001 sparse/only-hole
        for i in $(seq 0 40); do printf "piece $i" | dd of=sparse/many bs=1 seek=$((i * 131072 + 7)) conv=notrunc status=none; done
        dd if=/dev/urandom of=sparse/none bs=1000 count=700 status=none
        mknod special/console c 5 1
        mknod special/disk b 259 70000
        mkfifo -m 0620 special/pipe
        chown 7:8 special/disk special/pipe
        echo x > acl/file; setfacl -m u:1234:rw,g:4321:r acl/file
        mkdir acl/dir; setfacl -m u:7777:rwx acl/dir; setfacl -d -m u:1234:rwx,g:4444:x acl/dir; echo y > acl/dir/plain; setfacl -b acl/dir/plain
        mkdir acl/bare; setfacl -d -m u::rwx,g::rx,o::- acl/bare
        echo ping > caps/deep/setuid; setcap cap_setuid,cap_sys_admin,cap_checkpoint_restore+ep caps/deep/setuid
        echo two > caps/linked; setcap cap_net_raw+ep caps/linked; ln caps/linked caps/linked-too
        setfattr -n user.binary -v 0x00ff800a3d250d0a caps/deep/setuid
        setfattr -n 'user.odd=name%25' -v value caps/linked
        setfattr -n user.large -v 0x$(printf '0a00ff3d%.0s' $(seq 400)) caps/linked
        setfattr -n user.empty caps/linked
        setfattr -n trusted.dir -v 0x80 caps/deep
        setfattr -h -n trusted.link -v 0x81 links/up
        touch -d '2020-02-02 02:02:02.020202020Z' names links times caps caps/deep acl acl/dir .
        """;
    Files.createDirectory(directory.resolve("links"));
    Path first = Files.writeString(directory.resolve("links/hard0"), "shared\n");
    for (int i = 1; i < MANY_LINKS; i++) {
      Files.createLink(directory.resolve("links/hard" + i), first);
    }
    Command.of("sh", "-c", script.replace("LONGEST", Integer.toString(longestTarget)))
        .directory(directory)
        .run();
  }
}
