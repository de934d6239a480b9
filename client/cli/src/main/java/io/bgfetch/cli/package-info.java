/**
 * The client commands of {@code ./bgfetch}: {@link io.bgfetch.cli.ClientCommands} adds them to a
 * command line. They print what people read, or with {@code --json} what the gateway answered, and
 * end with 0 (done), 1 (the fetch failed or is not there) or 2 (usage, configuration, no gateway).
 */
@NullMarked
package io.bgfetch.cli;

import org.jspecify.annotations.NullMarked;
