package dev.slipway.controller.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/**
 * A list of the server's as a table on the terminal: a line an entry, columns as wide as needed.
 */
final class Table {
  private static final String GAP = "  ";

  private final List<Column> columns;

  private Table(List<Column> columns) {
    this.columns = columns;
  }

  /**
   * A column.
   *
   * @param title its heading
   * @param cell what it says of an entry
   */
  record Column(String title, Function<JsonNode, String> cell) {
    /** Of a field that is text already. */
    static Column of(String title, String field) {
      return new Column(title, entry -> entry.path(field).asText());
    }
  }

  static Table of(Column... columns) {
    return new Table(List.of(columns));
  }

  void print(JsonNode entries, PrintWriter out) {
    List<Integer> widths = columns.stream().map(column -> width(column, entries)).toList();
    line(widths, Column::title, out);
    for (JsonNode entry : entries) {
      line(widths, column -> column.cell().apply(entry), out);
    }
  }

  private static int width(Column column, JsonNode entries) {
    return StreamSupport.stream(entries.spliterator(), false)
        .mapToInt(entry -> column.cell().apply(entry).length())
        .reduce(column.title().length(), Math::max);
  }

  private void line(List<Integer> widths, Function<Column, String> cell, PrintWriter out) {
    var line = new StringBuilder();
    for (int i = 0; i < columns.size(); i++) {
      String text = cell.apply(columns.get(i));
      line.append(text).append(" ".repeat(widths.get(i) - text.length())).append(GAP);
    }
    out.println(line.toString().stripTrailing());
  }
}
