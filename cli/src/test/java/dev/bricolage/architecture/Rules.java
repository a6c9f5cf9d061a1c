package dev.bricolage.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/** The module rules, for the house below one root package. */
final class Rules {
  /** Everywhere at hand: the JDK, and the annotations that say what may be null. */
  private static final List<String> LANGUAGE = List.of("java..", "org.jspecify..");

  /** The parts of a store that others than its owner may name. */
  private static final Set<String> STORE_FACES =
      Set.of(
          "Blobs",
          "FileDigests",
          "Products",
          "StoreException",
          "NoSpace",
          "DamagedBlob",
          "Lease",
          "Arrival");

  private final String root;

  private Rules(String root) {
    this.root = root;
  }

  /** Every rule, by its name. */
  static Map<String, ArchRule> of(String root) {
    return new Rules(root).all();
  }

  private Map<String, ArchRule> all() {
    Map<String, ArchRule> rules = new LinkedHashMap<>();
    rules.put("action depends on nothing", only("action"));
    rules.put("memo knows neither files nor processes", only("memo", "action"));
    rules.put("memo does no input or output", memoDoesNoInputOutput());
    rules.put("watch hears of changes", only("watch", "action", "memo", "/io.methvin.."));
    rules.put("store stores", only("store", "action", "memo", "/org.lmdbjava.."));
    rules.put("sandbox obeys plans", only("sandbox", "action"));
    rules.put("execute joins them", only("execute", "action", "memo", "store", "sandbox"));
    rules.put("fronts ask, they do not act", frontsAsk());
    rules.put("fronts see the store's narrow faces", frontsSeeNarrowFaces());
    rules.put("only the sandbox starts processes", onlySandboxStartsProcesses());
    rules.put("only the store knows its database", only("org.lmdbjava..", inModule("store")));
    rules.put("only watch knows what it hears by", only("io.methvin..", inModule("watch")));
    rules.put("only cli chooses implementations", onlyCliChooses());
    rules.put("nothing depends on cli", nothingDependsOnCli());
    rules.put("no protobuf type leaves the wire", only("com.google.protobuf..", onTheWire()));
    rules.put("no cycles", slices().matching(root + ".(**)").should().beFreeOfCycles());
    rules.put("every package says what may be null", everyPackageIsMarked());
    return rules;
  }

  private String module(String name) {
    return name.startsWith("/") ? name.substring(1) : root + "." + name + "..";
  }

  /**
   * A module may use the language, itself and these; a name after a slash is a package as it is.
   */
  private ArchRule only(String module, String... others) {
    String[] allowed =
        Stream.of(
                LANGUAGE.stream(),
                Stream.of(module(module)),
                Arrays.stream(others).map(this::module))
            .flatMap(names -> names)
            .toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(module(module))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(allowed);
  }

  /** Only these classes may use that library. */
  private static ArchRule only(String library, DescribedPredicate<JavaClass> users) {
    return noClasses()
        .that(DescribedPredicate.not(users))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library);
  }

  private DescribedPredicate<JavaClass> inModule(String name) {
    return resideInAPackage(module(name));
  }

  private DescribedPredicate<JavaClass> onTheWire() {
    return inModule("remote").or(inModule("fronts.reapi"));
  }

  /** java.io is there for encoding into memory; files, channels and processes are not. */
  private ArchRule memoDoesNoInputOutput() {
    DescribedPredicate<JavaClass> outside =
        resideInAPackage("java.nio.file..")
            .or(resideInAPackage("java.nio.channels.."))
            .or(resideInAPackage("java.net.."))
            .or(startsProcesses());
    return noClasses()
        .that(inModule("memo").or(inModule("action")))
        .should()
        .dependOnClassesThat(outside);
  }

  /**
   * Of the sandbox a front names only where output goes; LMDB and the command line it never does.
   */
  private ArchRule frontsAsk() {
    DescribedPredicate<JavaClass> actors =
        inModule("sandbox").and(DescribedPredicate.not(simpleName("Console"))).or(inModule("cli"));
    return noClasses().that(seesWorkspaces()).should().dependOnClassesThat(actors);
  }

  private ArchRule frontsSeeNarrowFaces() {
    DescribedPredicate<JavaClass> insides =
        resideInAPackage(root + ".store")
            .and(
                describe(
                    "are no narrow face", type -> !STORE_FACES.contains(type.getSimpleName())));
    return noClasses().that(seesWorkspaces()).should().dependOnClassesThat(insides);
  }

  private DescribedPredicate<JavaClass> seesWorkspaces() {
    return inModule("fronts").or(inModule("workspace"));
  }

  private static DescribedPredicate<JavaClass> startsProcesses() {
    Set<String> names = Set.of("java.lang.ProcessBuilder", "java.lang.Process");
    return describe("start processes", type -> names.contains(type.getFullName()));
  }

  private ArchRule onlySandboxStartsProcesses() {
    return noClasses()
        .that(DescribedPredicate.not(inModule("sandbox")))
        .should()
        .dependOnClassesThat(startsProcesses())
        .orShould()
        .callMethodWhere(
            Rules.<JavaMethodCall>target(
                "Runtime.exec",
                target -> target.getFullName().startsWith("java.lang.Runtime.exec(")));
  }

  /** What stands for an implementation is made in one place: these calls come from cli alone. */
  private ArchRule onlyCliChooses() {
    Set<String> opened = Set.of(root + ".store.Store.open", root + ".sandbox.Sandbox.start");
    Set<String> constructed =
        Set.of(
            root + ".execute.LocalExecutor",
            root + ".execute.Runs",
            root + ".fronts.run.RunFront",
            root + ".memo.trace.TraceMemory");
    return noClasses()
        .that(DescribedPredicate.not(inModule("cli")))
        .should()
        .callMethodWhere(
            Rules.<JavaMethodCall>target(
                "an implementation is opened",
                target ->
                    opened.contains(target.getOwner().getFullName() + "." + target.getName())))
        .orShould()
        .callConstructorWhere(
            Rules.<JavaConstructorCall>target(
                "an implementation is made",
                target -> constructed.contains(target.getOwner().getFullName())));
  }

  private static <T extends JavaCall<?>> DescribedPredicate<T> target(
      String what, java.util.function.Predicate<CodeUnitCallTarget> test) {
    return describe(what, call -> test.test(call.getTarget()));
  }

  private ArchRule nothingDependsOnCli() {
    return noClasses()
        .that(DescribedPredicate.not(inModule("cli")))
        .should()
        .dependOnClassesThat(inModule("cli"));
  }

  private static ArchRule everyPackageIsMarked() {
    return classes()
        .that()
        .areTopLevelClasses()
        .should(
            com.tngtech.archunit.lang.conditions.ArchConditions.be(
                describe(
                    "in a package with @NullMarked",
                    type -> type.getPackage().isAnnotatedWith(NullMarked.class))));
  }
}
