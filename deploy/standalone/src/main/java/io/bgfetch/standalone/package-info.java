/**
 * The program {@code bgfetch}: all commands, and everything in one JVM on embedded backends. It is
 * the only module that sees all the others.
 */
@NullMarked
package io.bgfetch.standalone;

import org.jspecify.annotations.NullMarked;
