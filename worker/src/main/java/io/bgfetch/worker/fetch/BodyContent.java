package io.bgfetch.worker.fetch;

import io.bgfetch.blob.StoredBody;

/**
 * A whole body.
 *
 * @param digest SHA-256, base64
 */
record BodyContent(StoredBody stored, String digest) {}
