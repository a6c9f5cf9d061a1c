package dev.bricolage.store;

import dev.bricolage.action.Digest;
import dev.bricolage.store.Home.Pool;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The housekeeping of a store on disk. */
final class DiskUpkeep implements Upkeep {
  private final Home home;
  private final BlobFiles files;
  private final DiskTables tables;
  private final Sessions.Own session;
  private final Leases leases = new Leases(Clock.systemUTC());

  DiskUpkeep(Home home, DiskTables tables, Sessions.Own session) {
    this.home = home;
    this.files = new BlobFiles(home);
    this.tables = tables;
    this.session = session;
  }

  @Override
  public Lease lease() {
    return leases.begin();
  }

  @Override
  public StoreGc.Report gc(long budgetBytes) {
    try {
      return new StoreGc(files, leases, Clock.systemUTC()).run(budgetBytes);
    } catch (IOException e) {
      throw failed("collected", e);
    }
  }

  @Override
  public StoreCheck.Report verify(Consumer<String> findings) {
    tables.sync();
    try {
      return new StoreCheck(files, tables).run(findings);
    } catch (IOException e) {
      throw failed("checked", e);
    }
  }

  @Override
  public StoreSize size() {
    tables.sync();
    long[] blobs = new long[2];
    long[] copies = new long[2];
    try {
      files.each(file -> {
        long[] kind = file.pool() == Pool.EXEC ? copies : blobs;
        kind[0]++;
        kind[1] += file.stat().size();
      });
    } catch (IOException e) {
      throw failed("counted", e);
    }
    List<StoreSize.Kind> kinds = new ArrayList<>();
    kinds.add(new StoreSize.Kind("blobs", blobs[0], blobs[1]));
    kinds.add(new StoreSize.Kind("executable copies", copies[0], copies[1]));
    for (Table table : Table.values()) {
      long[] size = tables.inspect(lmdb -> lmdb.size(table));
      kinds.add(new StoreSize.Kind(table.title(), size[0], size[1]));
    }
    return new StoreSize(List.copyOf(kinds));
  }

  @Override
  public void list(Consumer<Digest> visitor) {
    try {
      files.each(file -> {
        if (file.pool() == Pool.PLAIN) {
          visitor.accept(file.digest());
        }
      });
    } catch (IOException e) {
      throw failed("listed", e);
    }
  }

  @Override
  public Optional<Glance> glance(Digest digest) {
    try {
      return files.glance(digest);
    } catch (IOException e) {
      throw failed("looked at", e);
    }
  }

  @Override
  public void end(boolean well) {
    session.end(well);
  }

  private StoreException failed(String what, IOException e) {
    return new StoreException(
        "the store %s cannot be %s: %s".formatted(home.root(), what, Home.reason(e)), e);
  }
}
