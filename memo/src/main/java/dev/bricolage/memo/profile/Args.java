package dev.bricolage.memo.profile;

import java.util.List;

/** What is known of an event besides its name: the members of a JSON object, as they are put. */
final class Args {
  private final StringBuilder members = new StringBuilder();

  Args put(String name, String value) {
    Json.quote(value, member(name));
    return this;
  }

  Args put(String name, long value) {
    member(name).append(value);
    return this;
  }

  Args put(String name, boolean value) {
    member(name).append(value);
    return this;
  }

  Args put(String name, List<String> values) {
    StringBuilder text = member(name).append('[');
    for (int i = 0; i < values.size(); i++) {
      Json.quote(values.get(i), i == 0 ? text : text.append(','));
    }
    text.append(']');
    return this;
  }

  boolean isEmpty() {
    return members.isEmpty();
  }

  /** The members, without the braces. */
  CharSequence text() {
    return members;
  }

  private StringBuilder member(String name) {
    if (!members.isEmpty()) {
      members.append(',');
    }
    return Json.quote(name, members).append(':');
  }
}
