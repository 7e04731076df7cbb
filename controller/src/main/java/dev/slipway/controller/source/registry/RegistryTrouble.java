package dev.slipway.controller.source.registry;

import dev.slipway.linux.OperatorError;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * What an error on the way to a registry means to an operator.
 *
 * @param reference what was to be pulled
 */
record RegistryTrouble(RegistryReference reference) {

  /** A name mistyped or a certificate not trusted is told at once: it does not mend itself. */
  boolean isHopeless(IOException failure) {
    return RegistryHttp.isUntrusted(failure)
        || RegistryHttp.isClientUnknown(failure)
        || failure instanceof UnknownHostException
        || failure instanceof InsecureRedirect;
  }

  /** In a sentence. */
  OperatorError told(IOException e) {
    return new OperatorError(sentence(e), e);
  }

  String sentence(IOException e) {
    String registry = "The registry " + reference.host();
    if (e instanceof RegistryBusy busy) {
      return registry
          + " cannot give docker://"
          + reference
          + " now: "
          + busy.getMessage()
          + busy.retryAfter()
              .map(wait -> ", and asks to be left alone for " + wait.toSeconds() + " s")
              .orElse("")
          + ". Try again later; some give more to those who log in ("
          + reference.loginCommand()
          + ").";
    }
    if (RegistryHttp.isUntrusted(e)) {
      return registry
          + " is not trusted: "
          + e.getMessage()
          + ". Add the certificate of its authority to this machine's (update-ca-certificates), or put"
          + " it there for this registry only: "
          + ofItsOwn("ca.crt")
          + ".";
    }
    if (RegistryHttp.isClientUnknown(e)) {
      return registry
          + " wants a client certificate that it knows: "
          + e.getMessage()
          + ". Put the one that its operator gives you there: "
          + ofItsOwn("client.cert")
          + ", and its key as client.key beside it.";
    }
    if (e instanceof SSLException) {
      return registry
          + " does not speak HTTPS: "
          + e.getMessage()
          + ". If it speaks plain HTTP only, and the network to it is trusted, name it with"
          + " --plain-http "
          + reference.host()
          + ".";
    }
    if (e instanceof InsecureRedirect) {
      return registry
          + " gives docker://"
          + reference
          + " in the clear, which is refused: "
          + e.getMessage()
          + ". Ask who runs the registry.";
    }
    if (e instanceof ProxyUnreachable) {
      return "The proxy "
          + e.getMessage()
          + ", by which docker://"
          + reference
          + " is to be pulled, cannot be reached. Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY in the"
          + " environment, and that it runs.";
    }
    if (e instanceof HttpTimeoutException) {
      return registry
          + " does not answer in time. Check that it runs and can be reached from here.";
    }
    if (e instanceof UnknownHostException) {
      return "There is no host of the name "
          + e.getMessage()
          + ", from which docker://"
          + reference
          + " comes. Check the name, and that names are resolved here.";
    }
    if (e instanceof ConnectException) {
      return "No registry answers at "
          + reference.apiHost()
          + " for docker://"
          + reference
          + ". Check the name, and that it runs and can be reached from here.";
    }
    return "The connection to the registry "
        + reference.host()
        + " broke while docker://"
        + reference
        + " was pulled: "
        + why(e)
        + ". Try again.";
  }

  private String ofItsOwn(String file) {
    return "/etc/docker/certs.d/" + reference.host() + "/" + file;
  }

  /** Not every exception has a message, but then often its cause has. */
  private static String why(IOException failure) {
    return RegistryHttp.causes(failure)
        .flatMap(each -> Stream.ofNullable(each.getMessage()))
        .findFirst()
        .orElse(failure.getClass().getSimpleName());
  }
}
