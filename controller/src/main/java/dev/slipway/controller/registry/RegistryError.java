package dev.slipway.controller.registry;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** An error in the form and with the codes of the OCI distribution specification. */
final class RegistryError extends WebApplicationException {
  record Body(List<Entry> errors) {}

  record Entry(String code, String message) {}

  private RegistryError(int status, String code, String message) {
    super(
        message,
        Response.status(status)
            .type(MediaType.APPLICATION_JSON_TYPE)
            .entity(new Body(List.of(new Entry(code, message))))
            .build());
  }

  static RegistryError nameInvalid(String message) {
    return new RegistryError(400, "NAME_INVALID", message);
  }

  static RegistryError manifestUnknown(RepositoryName name, String reference) {
    return new RegistryError(
        404, "MANIFEST_UNKNOWN", "There is no release " + name + " " + reference + ".");
  }

  static RegistryError manifestInvalid(String message) {
    return new RegistryError(400, "MANIFEST_INVALID", message);
  }

  static RegistryError denied(String message) {
    return new RegistryError(409, "DENIED", message);
  }

  static RegistryError nameUnknown(RepositoryName name) {
    return new RegistryError(404, "NAME_UNKNOWN", "Nothing was published as " + name + ".");
  }

  static RegistryError blobUnknown(String digest) {
    return new RegistryError(404, "BLOB_UNKNOWN", "There is no blob " + digest + ".");
  }

  static RegistryError digestInvalid(String message) {
    return new RegistryError(400, "DIGEST_INVALID", message);
  }

  static RegistryError rangeInvalid(long size) {
    RegistryError error =
        new RegistryError(416, "SIZE_INVALID", "The range lies outside of the blob.");
    error.getResponse().getHeaders().add("Content-Range", "bytes */" + size);
    return error;
  }
}
