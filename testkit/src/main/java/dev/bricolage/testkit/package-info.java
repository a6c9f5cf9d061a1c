/**
 * What tests of several modules share.
 *
 * <p>So far that is the manual that runs. A {@link dev.bricolage.testkit.Page} is a Markdown file
 * whose {@code console} blocks are transcripts: {@link dev.bricolage.testkit.Step}s of a command,
 * what it prints and how it ends. A {@link dev.bricolage.testkit.Stage} is a fresh home folder for
 * one page, a {@link dev.bricolage.testkit.Shell} the one {@code sh} that carries its commands out,
 * and {@link dev.bricolage.testkit.Expectation} compares. {@code docs/README.md} describes the
 * format for who writes pages.
 */
@NullMarked
package dev.bricolage.testkit;

import org.jspecify.annotations.NullMarked;
