package io.bgfetch.worker.fetch;

import io.bgfetch.fetch.RecordResponse;
import io.bgfetch.message.FetchJob.Resume;
import org.jspecify.annotations.Nullable;

/**
 * How far an attempt has come.
 *
 * @param head of the response that was coming last, null where none came
 * @param downloaded body bytes received, those of resumed attempts included
 * @param uploaded request body bytes sent
 * @param connectedMillis how long it was connected
 * @param kept what a further attempt may go on from, null where there is nothing
 * @param newBytes whether more is stored now than before it
 */
record SoFar(
    @Nullable RecordResponse head,
    long downloaded,
    long uploaded,
    long connectedMillis,
    @Nullable Resume kept,
    boolean newBytes) {}
