package dev.slipway.controller.identity;

/** Somebody who knows the operator's token. */
public record Operator() implements Caller {
  @Override
  public String getName() {
    return "operator";
  }
}
