package io.bgfetch.worker.fetch;

import io.bgfetch.blob.StoredBody;
import org.jspecify.annotations.Nullable;

/**
 * A whole body.
 *
 * @param digest SHA-256, base64
 * @param mismatch one line where it is not the body that was asked for, null where it may be
 */
record BodyContent(StoredBody stored, String digest, @Nullable String mismatch) {}
