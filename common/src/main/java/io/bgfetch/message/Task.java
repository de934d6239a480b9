package io.bgfetch.message;

import java.util.UUID;

/**
 * One attempt at one record as one worker carries it out.
 *
 * @param attempt counted from 1; every release of the record is a new one
 * @param token random, made by the worker that took the job: it tells two tasks apart that believe
 *     to be the same attempt
 */
public record Task(UUID uid, int index, int attempt, String token) {}
