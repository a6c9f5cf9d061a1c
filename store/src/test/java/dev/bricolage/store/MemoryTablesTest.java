package dev.bricolage.store;

class MemoryTablesTest extends TablesContract {
  private final MemoryTables tables = new MemoryTables();

  @Override
  Tables tables() {
    return tables;
  }
}
