package dev.slipway.agent.link;

import dev.slipway.tree.Digest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/** The SHA-256 of a certificate's DER form, in hex. */
final class Fingerprint {
  private Fingerprint() {}

  static String of(X509Certificate certificate) throws CertificateEncodingException {
    return Digest.of(certificate.getEncoded()).hex();
  }
}
