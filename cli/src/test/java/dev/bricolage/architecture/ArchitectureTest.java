package dev.bricolage.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class ArchitectureTest {
  private static final String HOUSE = "dev.bricolage";
  private static final String BAD_HOUSE = "dev.bricolage.architecture.bad";

  /** The real code; what serves tests only is no part of the house. */
  private static JavaClasses house() {
    return new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .withImportOption(location -> !location.contains("/testkit/"))
        .importPackages(HOUSE);
  }

  @TestFactory
  Stream<DynamicTest> theHouseKeepsEveryRule() {
    JavaClasses house = house();
    return Rules.of(HOUSE).entrySet().stream()
        .map(rule -> DynamicTest.dynamicTest(rule.getKey(), () -> rule.getValue().check(house)));
  }

  /** A rule that nothing can break would hold for ever and say nothing. */
  @TestFactory
  Stream<DynamicTest> theBadHouseBreaksEveryRule() {
    JavaClasses bad = new ClassFileImporter().importPackages(BAD_HOUSE);
    return Rules.of(BAD_HOUSE).entrySet().stream()
        .map(rule ->
            DynamicTest.dynamicTest(
                rule.getKey(), () -> assertTrue(rule.getValue().evaluate(bad).hasViolation())));
  }

  /** Rules about modules that the importer did not find would hold as well. */
  @Test
  void theImporterFindsEveryModule() {
    JavaClasses house = house();
    for (String module :
        new String[] {
          "action",
          "memo",
          "watch",
          "store",
          "sandbox",
          "execute",
          "workspace",
          "fronts.run",
          "fronts.ninja",
          "cli"
        }) {
      assertTrue(
          house.stream().anyMatch(type -> type.getPackageName().equals(HOUSE + "." + module)),
          module);
    }
  }
}
