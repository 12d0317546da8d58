package io.github.hiera4j.cli.options;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts option values to positive integers. */
public final class PositiveInteger implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw new TypeConversionException("expected a whole number from 1, got '" + text + "'");
        }
        throw new TypeConversionException("expected a whole number from 1, got " + text);
    }
}
