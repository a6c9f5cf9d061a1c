package dev.bricolage.fronts.reapi.execution;

import dev.bricolage.fronts.reapi.metrics.ActionMeters;
import dev.bricolage.fronts.reapi.trace.Span;
import dev.bricolage.sandbox.Console;

/** Follows one action from the queue to its end, for its watchers, the meters and the trace. */
final class Passage implements ActionExecutor.Progress {
  private final Operation operation;
  private final ActionMeters.OnItsWay meter;
  private final Span action;
  private Span stage;

  Passage(Operation operation, ActionMeters.OnItsWay meter, Span action) {
    this.operation = operation;
    this.meter = meter;
    this.action = action;
    this.stage = action.child("queue");
  }

  @Override
  public synchronized void started() {
    next("run");
    meter.started();
    operation.executing();
  }

  @Override
  public Console console() {
    return operation.console();
  }

  /** The command is over; what it made is told. */
  synchronized void storing() {
    next("store outputs");
  }

  private void next(String name) {
    stage.end();
    stage = action.child(name);
  }

  /** It is over; {@code why} is empty when it could be run. */
  synchronized void ended(String how, String why) {
    meter.ended(how);
    stage.end();
    action.note("bric.how", how);
    if (why.isEmpty()) {
      action.end();
    } else {
      action.failed(why);
    }
  }
}
