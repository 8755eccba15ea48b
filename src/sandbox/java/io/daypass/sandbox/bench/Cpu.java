package io.daypass.sandbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Processor time, by whom.
 *
 * @param bench this process: the stand-ins and the clients
 */
record Cpu(Duration broker, Duration postgres, Duration bench) {

  Cpu minus(Cpu earlier) {
    return new Cpu(
        broker.minus(earlier.broker), postgres.minus(earlier.postgres), bench.minus(earlier.bench));
  }

  /** What process {@code pid} has used so far. */
  static Duration of(String pid) throws IOException {
    return ticks(pid, 2);
  }

  /** What {@code pid} and its children, also those that have ended, have used so far. */
  static Duration ofFamily(String pid) throws IOException {
    var sum = ticks(pid, 4);
    var parent = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    for (var child : parent.children().toList()) {
      if (Files.exists(Path.of("/proc", String.valueOf(child.pid())))) {
        sum = sum.plus(ticks(String.valueOf(child.pid()), 2));
      }
    }
    return sum;
  }

  // proc(5): utime, stime, cutime and cstime in ticks of 10 ms, behind the name in brackets.
  private static Duration ticks(String pid, int fields) throws IOException {
    var stat = Files.readString(Path.of("/proc", pid, "stat"));
    var values = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ")).subList(11, 15);
    return Duration.ofMillis(10 * values.stream().limit(fields).mapToLong(Long::parseLong).sum());
  }
}
