package dev.bricolage.memo.engine;

import dev.bricolage.memo.Fetch;
import dev.bricolage.memo.Query;
import dev.bricolage.memo.TaskFailed;

/** A program of its own, in a small heap: a chain that does not fit, and then one that does. */
final class TooDeep {
  private TooDeep() {}

  private record Link(int at) implements Query<Integer> {
    @Override
    public Integer run(Fetch fetch) throws Exception {
      return at == 0 ? 0 : fetch.fetch(new Link(at - 1)) + 1;
    }
  }

  public static void main(String[] lengths) throws InterruptedException {
    Memo memo = Memo.builder().open();
    for (String length : lengths) {
      try {
        System.out.println(memo.get(new Link(Integer.parseInt(length))));
      } catch (TaskFailed failed) {
        Throwable first = failed;
        while (first instanceof TaskFailed below) {
          first = below.failure();
        }
        System.out.println(first);
      }
    }
  }
}
