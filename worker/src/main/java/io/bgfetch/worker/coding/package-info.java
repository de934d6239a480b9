/**
 * Content codings of responses (RFC 9110, section 8.4.1): which are asked for, and how a body that
 * came with some is decoded on its way to whoever takes it.
 */
@NullMarked
package io.bgfetch.worker.coding;

import org.jspecify.annotations.NullMarked;
