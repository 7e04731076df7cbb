package dev.slipway.linux;

/**
 * What statx(2) says of a file.
 *
 * @param mode the twelve permission bits
 * @param links how many names it has
 * @param size in bytes
 * @param allocated bytes that it takes on its file system; less than its size when it has holes
 * @param mtimeSeconds since 1970, UTC
 * @param device which file system it is on
 * @param major of the device it stands for, 0 for other kinds
 */
public record FileStatus(
    FileType type,
    int mode,
    long links,
    long uid,
    long gid,
    long inode,
    long size,
    long allocated,
    long mtimeSeconds,
    int mtimeNanos,
    int major,
    int minor,
    long device) {}
