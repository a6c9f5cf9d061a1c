package dev.bricolage.fronts.reapi.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Counters, gauges and histograms by name, and their text in Prometheus's format 0.0.4. For any
 * number of threads; counting takes no lock.
 */
public final class Meters {
  /** What the text is to HTTP. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** Upper bounds in milliseconds: a hit in the cache, a small action, a long link. */
  private static final long[] BOUNDS = {
    1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000
  };

  private final Map<String, Family> families = new ConcurrentSkipListMap<>();

  private record Family(String type, String help, Source source) {}

  private interface Source {
    void write(String name, StringBuilder to);
  }

  /** No meters yet. */
  public Meters() {}

  /** A number that only grows, for each combination of its labels' values. */
  public static final class Counter {
    private final String[] labels;
    private final Map<List<String>, LongAdder> values = new ConcurrentHashMap<>();

    private Counter(String... labels) {
      this.labels = labels;
    }

    /** Adds to the one with these values, in the order of the labels. */
    public void add(long more, String... of) {
      values.computeIfAbsent(List.of(of), key -> new LongAdder()).add(more);
    }

    private void write(String name, StringBuilder to) {
      values.forEach((of, value) -> line(to, name, labelled(labels, of), "" + value.sum()));
    }
  }

  /** How often something took how long, for each combination of its labels' values. */
  public static final class Histogram {
    private final String[] labels;
    private final Map<List<String>, Times> values = new ConcurrentHashMap<>();

    private Histogram(String... labels) {
      this.labels = labels;
    }

    private static final class Times {
      private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
      private final LongAdder nanos = new LongAdder();

      Times() {
        Arrays.setAll(buckets, i -> new LongAdder());
      }
    }

    /** It took so long this time. */
    public void took(Duration time, String... of) {
      Times times = values.computeIfAbsent(List.of(of), key -> new Times());
      long nanos = time.toNanos();
      int bucket = 0;
      while (bucket < BOUNDS.length && nanos > BOUNDS[bucket] * 1_000_000) {
        bucket++;
      }
      times.buckets[bucket].increment();
      times.nanos.add(nanos);
    }

    private void write(String name, StringBuilder to) {
      values.forEach((of, times) -> {
        Map<String, String> labelled = labelled(labels, of);
        long count = 0;
        for (int i = 0; i <= BOUNDS.length; i++) {
          count += times.buckets[i].sum();
          Map<String, String> bucket = new TreeMap<>(labelled);
          bucket.put("le", i < BOUNDS.length ? "" + BOUNDS[i] / 1e3 : "+Inf");
          line(to, name + "_bucket", bucket, "" + count);
        }
        line(to, name + "_sum", labelled, "" + times.nanos.sum() / 1e9);
        line(to, name + "_count", labelled, "" + count);
      });
    }
  }

  /** A new counter. */
  public Counter counter(String name, String help, String... labels) {
    Counter counter = new Counter(labels);
    families.put(name, new Family("counter", help, counter::write));
    return counter;
  }

  /** A new histogram of times, in seconds. */
  public Histogram histogram(String name, String help, String... labels) {
    Histogram histogram = new Histogram(labels);
    families.put(name, new Family("histogram", help, histogram::write));
    return histogram;
  }

  /** A number that is asked for when somebody reads. */
  public void gauge(String name, String help, LongSupplier value) {
    families.put(
        name, new Family("gauge", help, (n, to) -> line(to, n, Map.of(), "" + value.getAsLong())));
  }

  /** Numbers that are asked for when somebody reads, by the values of one label. */
  public void gauges(String name, String help, String label, Supplier<Map<String, Long>> values) {
    families.put(
        name,
        new Family(
            "gauge",
            help,
            (n, to) ->
                new TreeMap<>(values.get())
                    .forEach((of, value) -> line(to, n, Map.of(label, of), "" + value))));
  }

  /** All of them as they are now. */
  public String text() {
    StringBuilder to = new StringBuilder();
    families.forEach((name, family) -> {
      to.append("# HELP ").append(name).append(' ').append(family.help()).append('\n');
      to.append("# TYPE ").append(name).append(' ').append(family.type()).append('\n');
      family.source().write(name, to);
    });
    return to.toString();
  }

  private static Map<String, String> labelled(String[] labels, List<String> values) {
    Map<String, String> labelled = new TreeMap<>();
    for (int i = 0; i < labels.length; i++) {
      labelled.put(labels[i], values.get(i));
    }
    return labelled;
  }

  private static void line(
      StringBuilder to, String name, Map<String, String> labels, String value) {
    to.append(name);
    String before = "{";
    for (Map.Entry<String, String> label : labels.entrySet()) {
      to.append(before).append(label.getKey()).append("=\"");
      to.append(escaped(label.getValue())).append('"');
      before = ",";
    }
    to.append(labels.isEmpty() ? " " : "} ").append(value).append('\n');
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
