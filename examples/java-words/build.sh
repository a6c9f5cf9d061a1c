#!/bin/sh
# Compiles src with javac, tests it, and packs build/words.jar.
set -eu
if [ -z "${JAVA_HOME:-}" ]; then
  javac=$(command -v javac) || {
    echo "build.sh: no javac: set JAVA_HOME to a JDK, or put javac on PATH" >&2
    exit 1
  }
  JAVA_HOME=$(dirname "$(dirname "$(readlink -f "$javac")")")
fi
jdk=$JAVA_HOME
javac=$jdk/bin/javac java=$jdk/bin/java jar=$jdk/bin/jar

rm -rf build
mkdir -p build/classes build/tests
"$javac" -Xlint:all -Werror -d build/classes $(find src -name '*.java' | LC_ALL=C sort)
"$javac" -Xlint:all -Werror -cp build/classes -d build/tests $(find test -name '*.java' | LC_ALL=C sort)
"$java" -cp build/classes:build/tests words.WordsTest
# One date for all entries, or the jar would differ from run to run.
"$jar" --create --date 1980-01-02T00:00:00Z --file build/words.jar --main-class words.Main -C build/classes .
