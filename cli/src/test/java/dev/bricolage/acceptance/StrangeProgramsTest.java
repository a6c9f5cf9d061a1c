package dev.bricolage.acceptance;

import static dev.bricolage.acceptance.OwnTools.tools;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.bricolage.cli.Bric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs that take another way to the files than those of the host's C library: what they read
 * and what they missed decides, when it changes, like anybody's.
 */
@Timeout(180)
final class StrangeProgramsTest {
  private static final String LOOKS =
      """
      #define _GNU_SOURCE
      #include <fcntl.h>
      #include <stdio.h>
      #include <sys/stat.h>
      #include <unistd.h>
      int main(void) {
        struct stat s;
        char words[16] = "";
        BEGIN;
        int absent = stat("absent", &s);
        int file = open("words", O_RDONLY);
        if (file >= 0) read(file, words, 15);
        FILE *out = fopen("out", "w");
        fprintf(out, "%s %s\\n", words, absent ? "alone" : "both");
        return fclose(out);
      }
      """;

  private static final String OPENS_WORDS =
      """
      .globl _start
      _start:
      mov $5, %eax
      mov $path, %ebx
      xor %ecx, %ecx
      int $0x80
      mov $0, %ebx
      mov $1, %eax
      int $0x80
      .data
      path: .asciz "words"
      """;

  private Installation bric;
  private Checkout checkout;

  @BeforeEach
  void open() throws Exception {
    bric = Installation.ofCaller();
    checkout = bric.checkout().write("words", "one").write("unread", "1");
  }

  @AfterEach
  void close() throws Exception {
    bric.close();
  }

  private Path source(String name, String text) throws Exception {
    return Files.writeString(bric.bric().folder().resolve(name), text);
  }

  private void looks(Checkout into, String... compiler) throws Exception {
    List<String> command = new ArrayList<>(List.of(compiler));
    if (command.stream().noneMatch(word -> word.startsWith("-DBEGIN"))) {
      command.add("-DBEGIN=");
    }
    command.addAll(List.of("-w", "-o", "looks", source("looks.c", LOOKS).toString()));
    Host.succeeds(into.root(), command.toArray(String[]::new));
  }

  private Answer watched(String recorder, String script) throws Exception {
    bric.bric().with("BRIC_RECORDER", recorder);
    return checkout.run(script);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gcc | ./looks",
        "musl-gcc | ./looks",
        "musl-gcc -static | ./looks",
        "gcc | valgrind -q ./looks",
        "gcc | valgrind -q --trace-children=yes sh -c ./looks",
        "gcc -DBEGIN=close_range(0,~0U,0) | ./looks",
        "gcc -static -DBEGIN=close_range(0,~0U,0) | ./looks",
        "gcc -no-pie -Wl,-Ttext-segment=0x180000 | ./looks",
      })
  void whatItReadAndWhatItMissedDecides(String compiler, String command) throws Exception {
    looks(checkout, compiler.split(" ", -1));
    String script = command + " && cat out";
    watched("all", script).ran("first time").prints("one alone\n");
    checkout.write("unread", "2");
    watched("off", script).isRemembered().prints("one alone\n");
    checkout.write("words", "two");
    watched("all", script).ranBecause("content /build/words").prints("two alone\n");
    checkout.write("absent", "");
    watched("off", script).ranBecause("stat /build/absent").prints("two both\n");
    checkout.write("words", "one");
    watched("all", script).ran("differs").prints("one both\n");
    checkout.delete("absent");
    watched("off", script).isRemembered().prints("one alone\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"musl-gcc", "musl-gcc -static"})
  void asAToolItIsRememberedByItself(String compiler) throws Exception {
    OwnTools own = new OwnTools(bric);
    checkout = own.checkout().write("words", "one").write("unread", "1");
    looks(checkout, compiler.split(" ", -1));
    String script = own.tool("gen", "exec ./looks") + " && cat out";
    assertEquals(List.of("ran"), tools(own.run(script).prints("one alone\n")));
    checkout.write("unread", "2");
    assertEquals(List.of("remembered"), tools(own.run(script).prints("one alone\n")));
    checkout.write("absent", "");
    assertEquals(List.of("ran"), tools(own.run(script).prints("one both\n")));
    checkout.write("words", "two");
    assertEquals(List.of("ran"), tools(own.run(script).prints("two both\n")));
    checkout.write("words", "one").delete("absent");
    assertEquals(List.of("remembered"), tools(own.run(script).prints("one alone\n")));
  }

  /** The daemon lives where /etc has a list of its own, as on a host that preloads an allocator. */
  @Test
  void aHostThatPreloadsALibrary() throws Exception {
    Checkout host = bric.checkout().folder("upper").folder("work");
    library(host, "first");
    String list = host.root().toRealPath().resolve("mine.so") + "\n";
    host.write("upper/ld.so.preload", list);
    looks(checkout, "gcc");
    List<String> ro = List.of("--ro", host.root().toRealPath().toString());
    startDaemonBelow(host);
    checkout.run(ro, "./looks && cat out").ran("first time").prints("first one alone\n");
    checkout.run(ro, "./looks && cat out").isRemembered().prints("first one alone\n");
    checkout.write("absent", "");
    checkout
        .run(ro, "./looks && cat out")
        .ranBecause("stat /build/absent")
        .prints("first one both\n");
    library(host, "second");
    checkout.run(ro, "./looks && cat out").ran("differs").prints("second one both\n");
    assertTrue(checkout.why().contains("mine.so: content "), checkout.why());
  }

  private void library(Checkout host, String word) throws Exception {
    Path source =
        source(
            "mine.c",
            """
            #define _GNU_SOURCE
            #include <errno.h>
            #include <string.h>
            #include <unistd.h>
            __attribute__((constructor)) static void begin(void) {
              if (strcmp(program_invocation_short_name, "looks") == 0) write(1, WORD, strlen(WORD));
            }
            """);
    Host.succeeds(
        host.root(),
        "gcc",
        "-shared",
        "-fPIC",
        "-DWORD=\"" + word + " \"",
        "-o",
        "new.so",
        source.toString());
    Files.move(
        host.root().resolve("new.so"),
        host.root().resolve("mine.so"),
        StandardCopyOption.REPLACE_EXISTING);
    Grain.passes();
  }

  private void startDaemonBelow(Checkout host) throws Exception {
    String script =
        "cd $1 && mount -t overlay bric -o lowerdir=/etc,upperdir=upper,workdir=work /etc"
            + " && exec $2 run -- cat /etc/ld.so.preload";
    List<String> words = new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", script, "sh"));
    words.addAll(List.of(host.root().toString(), bric.bric().program().toString()));
    Bric.Outcome outcome = Bric.outcome(bric.bric().start(words));
    assertEquals(host.read("upper/ld.so.preload"), outcome.stdout(), outcome::toString);
  }

  @Test
  void aProgramOf32BitsIsRefusedAndItsPlaceIsWatched() throws Exception {
    assemble("--32", "-melf_i386");
    String script = "bash -c ./looks 2> /dev/null; echo $?";
    Answer first = checkout.run(script).ran("first time").prints("126\n");
    assertEquals(List.of("refused: 32-bit program ./looks"), first.notes());
    checkout.write("words", "two"); // it never came to read them
    checkout.run(script).isRemembered().prints("126\n");
    looks(checkout, "musl-gcc");
    checkout.run(script).ranBecause("content /build/looks").prints("0\n");
  }

  @Test
  void aCallOf32BitsEndsTheRunWhichIsNotRemembered() throws Exception {
    assemble("--64", "-melf_x86_64");
    for (int again = 0; again < 2; again++) {
      checkout.command("./looks").isNotRememberedFor("signal 31 ended it").exits(159);
    }
    String script = "./looks; echo $?";
    checkout.run(script).ran("first time").prints("159\n");
  }

  private void assemble(String bits, String emulation) throws Exception {
    Path object = bric.bric().folder().resolve("looks.o");
    String source = source("looks.s", OPENS_WORDS).toString();
    Host.succeeds(checkout.root(), "as", bits, "-o", object.toString(), source);
    Host.succeeds(checkout.root(), "ld", emulation, "-o", "looks", object.toString());
  }
}
