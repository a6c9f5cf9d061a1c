package dev.bricolage.fronts.ninja.status;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code -d stats}: what was done how often, and how long it took; ninja's table, our rows. */
public final class Stats {
  private record Row(String name, int count, long nanos) {}

  private final List<Row> rows = new ArrayList<>();

  /** Enters something that took so long in all. */
  public void add(String name, int count, long nanos) {
    rows.add(new Row(name, count, nanos));
  }

  /** The table, each line ended. */
  public String table() {
    int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
    StringBuilder table = new StringBuilder();
    line(table, width, "metric", "count", "avg (us)", "total (ms)");
    for (Row row : rows) {
      line(
          table,
          width,
          row.name(),
          Integer.toString(row.count()),
          decimal(row.nanos() / 1e3 / Math.max(1, row.count())),
          decimal(row.nanos() / 1e6));
    }
    return table.toString();
  }

  private static void line(StringBuilder to, int width, String name, String... numbers) {
    String format = "%-" + Math.max(1, width) + "s\t%-6s\t%-8s\t%s%n";
    to.append(String.format(Locale.ROOT, format, name, numbers[0], numbers[1], numbers[2]));
  }

  private static String decimal(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }
}
