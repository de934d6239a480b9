/** What connections over the network may hold in memory. */
@NullMarked
package io.bgfetch.connection;

import org.jspecify.annotations.NullMarked;
