package dev.bricolage.fronts.ninja.manifest;

import dev.bricolage.fronts.ninja.text.Words;

/**
 * All edges, as columns. What an edge has many of lies in one long list per kind, edge after edge;
 * a column says where an edge's part begins, and it ends where the next one's begins. The edge that
 * is being read is the last.
 */
final class EdgeTable {
  private final IntList rules = new IntList();
  private final IntList scopes = new IntList();
  private final IntList pools = new IntList();

  private final IntList inputs = new IntList();
  private final IntList inputStarts = new IntList();
  private final IntList implicitStarts = new IntList();
  private final IntList orderOnlyStarts = new IntList();

  private final IntList outputs = new IntList();
  private final IntList outputStarts = new IntList();
  private final IntList implicitOutputStarts = new IntList();

  private final IntList validations = new IntList();
  private final IntList validationStarts = new IntList();

  /** Name, value, name, value. */
  private final IntList bindings = new IntList();

  private final IntList bindingStarts = new IntList();

  int size() {
    return rules.size();
  }

  /** Begins an edge that has nothing yet. */
  int begin(int rule, int scope) {
    rules.add(rule);
    scopes.add(scope);
    pools.add(0);
    inputStarts.add(inputs.size());
    implicitStarts.add(inputs.size());
    orderOnlyStarts.add(inputs.size());
    outputStarts.add(outputs.size());
    implicitOutputStarts.add(outputs.size());
    validationStarts.add(validations.size());
    bindingStarts.add(bindings.size());
    return rules.size() - 1;
  }

  /** Takes the last edge back. */
  void drop() {
    int edge = size() - 1;
    inputs.truncate(inputStarts.get(edge));
    outputs.truncate(outputStarts.get(edge));
    validations.truncate(validationStarts.get(edge));
    bindings.truncate(bindingStarts.get(edge));
    for (IntList column :
        new IntList[] {
          rules,
          scopes,
          pools,
          inputStarts,
          implicitStarts,
          orderOnlyStarts,
          outputStarts,
          implicitOutputStarts,
          validationStarts,
          bindingStarts
        }) {
      column.truncate(edge);
    }
  }

  /** Sets a variable of the last edge. */
  void bind(int name, int value) {
    for (int i = bindingStarts.last(); i < bindings.size(); i += 2) {
      if (bindings.get(i) == name) {
        bindings.set(i + 1, value);
        return;
      }
    }
    bindings.add(name);
    bindings.add(value);
  }

  void setPool(int pool) {
    pools.set(size() - 1, pool);
  }

  void addOutput(int path) {
    outputs.add(path);
  }

  /** The last {@code count} outputs of the last edge are implicit. */
  void setImplicitOutputs(int count) {
    implicitOutputStarts.set(size() - 1, outputs.size() - count);
  }

  void addInput(int path) {
    inputs.add(path);
  }

  /** The last inputs of the last edge: so many implicit ones, and then so many only for order. */
  void setInputKinds(int implicit, int orderOnly) {
    int orderOnlyStart = inputs.size() - orderOnly;
    orderOnlyStarts.set(size() - 1, orderOnlyStart);
    implicitStarts.set(size() - 1, orderOnlyStart - implicit);
  }

  void addValidation(int path) {
    validations.add(path);
  }

  /** Takes a path out of the inputs of the last edge; true if it was there. */
  boolean removeInput(int path) {
    int edge = size() - 1;
    int orderOnlyStart = orderOnlyStarts.get(edge);
    int kept = inputStarts.get(edge);
    int orderOnlyGone = 0;
    int gone = 0;
    for (int i = kept; i < inputs.size(); i++) {
      if (inputs.get(i) != path) {
        inputs.set(kept++, inputs.get(i));
        continue;
      }
      gone++;
      orderOnlyGone += i >= orderOnlyStart ? 1 : 0;
    }
    int orderOnly = inputs.size() - orderOnlyStart - orderOnlyGone;
    inputs.truncate(kept);
    setInputKinds(0, orderOnly);
    return gone > 0;
  }

  int rule(int edge) {
    return rules.get(edge);
  }

  int scope(int edge) {
    return scopes.get(edge);
  }

  int pool(int edge) {
    return pools.get(edge);
  }

  boolean hasBindings(int edge) {
    return bindingStarts.get(edge) < end(bindingStarts, bindings, edge);
  }

  /** The value of an edge's own variable, or {@link Words#NONE}. */
  int binding(int edge, int name) {
    int end = end(bindingStarts, bindings, edge);
    for (int i = bindingStarts.get(edge); i < end; i += 2) {
      if (bindings.get(i) == name) {
        return bindings.get(i + 1);
      }
    }
    return Words.NONE;
  }

  Ints inputs(int edge) {
    return inputs.slice(inputStarts.get(edge), end(inputStarts, inputs, edge));
  }

  Ints explicitInputs(int edge) {
    return inputs.slice(inputStarts.get(edge), implicitStarts.get(edge));
  }

  Ints implicitInputs(int edge) {
    return inputs.slice(implicitStarts.get(edge), orderOnlyStarts.get(edge));
  }

  Ints orderOnlyInputs(int edge) {
    return inputs.slice(orderOnlyStarts.get(edge), end(inputStarts, inputs, edge));
  }

  Ints outputs(int edge) {
    return outputs.slice(outputStarts.get(edge), end(outputStarts, outputs, edge));
  }

  Ints explicitOutputs(int edge) {
    return outputs.slice(outputStarts.get(edge), implicitOutputStarts.get(edge));
  }

  Ints implicitOutputs(int edge) {
    return outputs.slice(implicitOutputStarts.get(edge), end(outputStarts, outputs, edge));
  }

  Ints validations(int edge) {
    return validations.slice(validationStarts.get(edge), end(validationStarts, validations, edge));
  }

  /** Gives back what was reserved for more edges. */
  void trim() {
    for (IntList list :
        new IntList[] {
          rules,
          scopes,
          pools,
          inputs,
          inputStarts,
          implicitStarts,
          orderOnlyStarts,
          outputs,
          outputStarts,
          implicitOutputStarts,
          validations,
          validationStarts,
          bindings,
          bindingStarts
        }) {
      list.trim();
    }
  }

  private int end(IntList starts, IntList all, int edge) {
    return edge + 1 < starts.size() ? starts.get(edge + 1) : all.size();
  }
}
