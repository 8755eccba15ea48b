package io.daypass.web;

import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the server is handed instead of reaching for it.
 *
 * @param nanos rises with time, never falls
 * @param traces names for calls, unguessable enough not to collide
 * @param threads starts a virtual thread for each task
 * @param urgentThreads the same for what ends access, which must get through when all else is busy
 */
public record Surroundings(
    LongSupplier nanos, Supplier<String> traces, Executor threads, Executor urgentThreads) {}
