package dev.slipway.controller.cli;

import dev.slipway.controller.osimage.CheckChoice;
import dev.slipway.linux.OperatorError;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The name of a check that there is. */
final class CheckName implements ITypeConverter<String> {
  @Override
  public String convert(String name) {
    try {
      return CheckChoice.named(name);
    } catch (OperatorError unknown) {
      throw new TypeConversionException(OperatorError.withoutFinalStop(unknown.getMessage()));
    }
  }
}
