package dev.slipway.controller.registry;

import dev.slipway.release.ReleaseName;
import dev.slipway.tree.Digest;
import java.time.Instant;

/**
 * A published release.
 *
 * @param digest of its OCI image manifest: what hosts are told to run
 * @param tree digest of its tree's manifest: what hosts compare with after writing
 * @param sizeBytes what a host downloads
 */
public record Release(
    Digest digest,
    ReleaseName name,
    Digest tree,
    String kernelVersion,
    long sizeBytes,
    Instant publishedAt) {}
