package dev.bricolage.fronts.reapi.trace;

/** Something that takes time, and what it is part of. Ended once; any thread may. */
public interface Span {
  /** Nobody wants to know. */
  Span NONE =
      new Span() {
        @Override
        public Span child(String name) {
          return this;
        }

        @Override
        public void note(String key, String value) {}

        @Override
        public void end() {}

        @Override
        public void failed(String why) {}
      };

  /** A part of it begins now. */
  Span child(String name);

  /** Says something of it. */
  void note(String key, String value);

  /** It is over, and went well. */
  void end();

  /** It is over, and did not. */
  void failed(String why);
}
